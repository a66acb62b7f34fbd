package dev.polylm.internal.engine;

import dev.polylm.internal.decoding.PromptTask;
import java.util.Arrays;
import java.util.List;

/** Has prompts read for their hidden states, and notes them. */
final class HiddenStatesTask extends PromptTask implements TracedTask {
  private final List<int[]> prompts;
  private final float[] state;
  private final StringBuilder trace = new StringBuilder();

  HiddenStatesTask(FakeRows.Model model, List<int[]> prompts) {
    super(false);
    this.prompts = prompts;
    this.state = new float[model.vocabSize];
  }

  @Override
  public List<int[]> prompts() {
    return prompts;
  }

  @Override
  public boolean wantsHiddenStates() {
    return true;
  }

  @Override
  public void takeHiddenStates(int prompt, int count, HiddenStates states) {
    for (int row = 0; row < count; row++) {
      states.copy(row, state);
      trace.append(prompt).append(Arrays.toString(state));
    }
  }

  @Override
  public String trace() {
    return trace.toString();
  }
}

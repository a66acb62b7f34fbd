package dev.polylm.engine;

import java.util.Arrays;
import java.util.List;

/** Has prompts read for their hidden states, and notes them. */
final class HiddenStatesTask implements TracedTask {
  private final List<int[]> prompts;
  private final float[] state;
  private final StringBuilder trace = new StringBuilder();
  private boolean finished;

  HiddenStatesTask(FakeRows.Model model, List<int[]> prompts) {
    this.prompts = prompts;
    this.state = new float[model.vocabSize];
  }

  @Override
  public List<int[]> prompts() {
    return prompts;
  }

  @Override
  public int maxRows() {
    return 0;
  }

  @Override
  public int maxLength() {
    return prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
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
  public void advance(RowLogits logits) {
    finished = true;
  }

  @Override
  public boolean finished() {
    return finished;
  }

  @Override
  public int rows() {
    return 0;
  }

  @Override
  public int[] parents() {
    return new int[0];
  }

  @Override
  public int nextId(int row) {
    throw new IllegalStateException("there is no next id");
  }

  @Override
  public String trace() {
    return trace.toString();
  }
}

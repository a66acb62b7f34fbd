package dev.polylm.internal.decoding;

/** A task that only wants its prompts read, one after the other. It takes no steps. */
public abstract class PromptTask implements DecodingTask {
  private final boolean reproducible;
  private boolean finished;

  protected PromptTask(boolean reproducible) {
    this.reproducible = reproducible;
  }

  @Override
  public final boolean reproducible() {
    return reproducible;
  }

  @Override
  public final int maxRows() {
    return 0;
  }

  @Override
  public final int maxLength() {
    return prompts().stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
  }

  @Override
  public final void advance(RowLogits logits) {
    finished = true;
  }

  @Override
  public final boolean finished() {
    return finished;
  }

  @Override
  public final int rows() {
    return 0;
  }

  @Override
  public final int[] parents() {
    return new int[0];
  }

  @Override
  public final int nextId(int row) {
    throw new IllegalStateException("a task that takes no steps has no next id");
  }
}

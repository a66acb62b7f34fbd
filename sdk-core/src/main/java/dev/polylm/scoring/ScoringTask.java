package dev.polylm.scoring;

import dev.polylm.runtime.DecodingTask;
import dev.polylm.sampling.ArgMax;
import dev.polylm.sampling.LogSoftmax;
import java.util.Arrays;
import java.util.List;

/** Reads a text once, and takes from the logits at each id what the next had. */
final class ScoringTask implements DecodingTask {
  private final int[] ids;
  private final int first;
  private final int[] read; // all but the last id, after which nothing is asked
  private final float[] tokenLogprobs; // one for each id from first on
  private final float[] logits; // [vocabSize]
  private boolean greedy = true;
  private boolean finished;

  /**
   * @param first the position from which on ids are scored, at least 1
   */
  ScoringTask(int[] ids, int first, int vocabSize) {
    this.ids = ids;
    this.first = first;
    this.read = Arrays.copyOf(ids, ids.length - 1);
    this.tokenLogprobs = new float[ids.length - first];
    this.logits = new float[vocabSize];
  }

  @Override
  public List<int[]> prompts() {
    return List.of(read);
  }

  @Override
  public int maxRows() {
    return 1;
  }

  @Override
  public int maxLength() {
    return ids.length;
  }

  @Override
  public int promptLogitsFrom() {
    return first - 1;
  }

  @Override
  public void takePromptLogits(int position, int count, RowLogits rowLogits) {
    for (int row = 0; row < count; row++) {
      int next = position + row + 1;
      rowLogits.copy(row, logits);
      tokenLogprobs[next - first] = LogSoftmax.logProbability(logits, ids[next]);
      greedy &= ArgMax.of(logits) == ids[next];
    }
  }

  @Override
  public void advance(RowLogits rowLogits) {
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
    throw new IllegalStateException("a text that is scored has no next id");
  }

  /** The score, once it is finished. */
  Score score() {
    return new Score(tokenLogprobs, greedy);
  }
}

package dev.polylm.generation;

import java.util.List;

/**
 * The choice of ids for one request, apart from the model: logits in, ids out.
 *
 * <p>It begins with a row for each prompt. After each {@link #advance} that leaves it unfinished,
 * {@link #rows} sequences want another step: row i goes on from what row {@link #parents}[i] of the
 * step before held, by reading {@link #nextId}. For one thread at a time.
 */
public interface Search {

  /** The logits of a step's rows. */
  interface RowLogits {
    /** Copies a row's logits into target, [vocabSize]. */
    void copy(int row, float[] target);
  }

  /** What its first rows read, at least one id each. */
  List<int[]> prompts();

  /** The most rows it can want. */
  int maxRows();

  /** The most ids, prompt included, that a row can come to hold. */
  int maxLength();

  /** The most ids that {@link #draftIds} can have. */
  default int maxDraftIds() {
    return 0;
  }

  /** Takes the logits that follow each row. */
  void advance(RowLogits logits);

  /** True when no row wants another step. */
  boolean finished();

  /** How many sequences want another step. */
  int rows();

  /** Which row of the step before each row goes on from: [rows] or more, not to be changed. */
  int[] parents();

  /** What row reads next. */
  int nextId(int row);

  /**
   * Guessed ids that the only row reads after its next id, in the same run. {@link #advance} is
   * then given the logits that follow each of the ids read, one after the other.
   */
  default int[] draftIds() {
    return new int[0];
  }

  /** How many of the ids read in the last step hold; the row forgets the others. */
  default int heldIds() {
    return 1;
  }

  /** Ends all sequences with what they have. */
  void stop(FinishReason reason);

  /** The answers, the best first. */
  List<Hypothesis> results();
}

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

  /** The answers, the best first. */
  List<Hypothesis> results();
}

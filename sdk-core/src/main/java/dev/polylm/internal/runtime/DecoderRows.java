package dev.polylm.internal.runtime;

/**
 * Rows of ids that a model has read, with their keys and values, and the logits of the last run.
 *
 * <p>A row may be read into by {@link #read} whatever the others hold; {@link #decode} takes the
 * first rows. For one thread at a time.
 */
public interface DecoderRows extends AutoCloseable {
  int rows();

  /** Returns how many ids a row can hold. */
  int capacity();

  /** Returns how many ids of a row have been read. */
  int length(int row);

  /** Returns how many of a row's first ids are those of ids, at most limit. */
  int commonPrefix(int row, int[] ids, int limit);

  /** Forgets what a row holds after its first ids. */
  void truncate(int row, int length);

  /**
   * Reads ids [from, to) into a row, after what it holds, in one run. The logits that follow the
   * last logitsRows of them are then rows 0 to logitsRows - 1.
   */
  void read(int row, int[] inputIds, int from, int to, int logitsRows);

  /**
   * As {@link #read} with one row of logits, which also gives the last hidden states of all ids
   * that it reads: that of ids[from] is then row 0. They need the room of {@link
   * dev.polylm.model.ModelDimensions#logitsRowsOfHiddenStates} rows of logits, beside the one. Only
   * a model that {@link Decoder#checkHiddenStates} passes has them.
   */
  void readHiddenStates(int row, int[] inputIds, int from, int to);

  /**
   * Reads one id into each of the rows 0 to nextIds.length - 1, in one run: a decoding step. The
   * logits that follow are then rows 0 to nextIds.length - 1. The rows may hold different numbers
   * of ids.
   */
  void decode(int[] nextIds);

  /**
   * Copies a row of the last run's logits.
   *
   * @param target [vocabSize]
   */
  void copyLogits(int row, float[] target);

  /**
   * Copies a row of the hidden states of the last run, which must have been one for them.
   *
   * @param target [hiddenSize]
   */
  void copyHiddenState(int row, float[] target);

  /**
   * Makes a row hold the first ids of a row of these or other rows of the model; copies only what
   * it does not hold already.
   */
  void copyPrefix(DecoderRows source, int sourceRow, int targetRow, int length);

  /** Makes a row hold the first ids of what was kept; copies only what it does not hold already. */
  void copyPrefix(CachedPrefix source, int targetRow, int length);

  /** Keeps a copy of what a row holds, which is at least one id. */
  CachedPrefix keep(int row);

  /** Exchanges two rows. */
  void swap(int a, int b);

  /**
   * Changes the size; rows that remain keep what they hold.
   *
   * @param logitsRows rows of logits that a run must be able to give; never less than rows
   * @throws dev.polylm.PolyLmException if there is not enough memory; the rows can then only be closed
   */
  void resize(int rows, int capacity, int logitsRows);

  /** Frees the memory; idempotent. */
  @Override
  void close();
}

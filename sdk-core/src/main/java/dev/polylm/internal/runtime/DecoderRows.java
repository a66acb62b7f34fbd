package dev.polylm.internal.runtime;

import dev.polylm.internal.adapter.LoadedAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Rows of ids that a model has read. It holds their keys and values, and the logits of the last
 * run.
 *
 * <p>{@link #read} reads into any row, regardless of the others. {@link #decode} uses the first
 * rows. Only one thread at a time may use it.
 */
public interface DecoderRows extends AutoCloseable {
  int rows();

  /** Returns how many ids a row can hold. */
  int capacity();

  /** Returns how many ids of a row have been read. */
  int length(int row);

  /** Returns the adapter that a row's ids were read with, or null if there is none. */
  @Nullable LoadedAdapter adapter(int row);

  /**
   * Makes a row read its ids with an adapter, or without if it is null. The row forgets ids that it
   * has read otherwise.
   */
  void begin(int row, @Nullable LoadedAdapter adapter);

  /** Returns how many of a row's first ids are equal to ids, at most limit. */
  int commonPrefix(int row, int[] ids, int limit);

  /** Forgets the ids of a row after its first ids. */
  void truncate(int row, int length);

  /**
   * Appends ids [from, to) to a row, in one run. The logits that follow the last logitsRows of them
   * are then rows 0 to logitsRows - 1.
   */
  void read(int row, int[] inputIds, int from, int to, int logitsRows);

  /**
   * Reads ids as {@link #read} does with one row of logits, and also gives the last hidden states
   * of all ids that it reads. The hidden state of ids[from] is then row 0. Hidden states need the
   * room of {@link dev.polylm.model.ModelDimensions#logitsRowsOfHiddenStates} rows of logits, in
   * addition to the one row. Only models that {@link Decoder#checkHiddenStates} accepts have them.
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
   * Copies a row of the hidden states of the last run, which must have been {@link
   * #readHiddenStates}.
   *
   * @param target [hiddenSize]
   */
  void copyHiddenState(int row, float[] target);

  /**
   * Makes a row hold the first ids of another row, of these or other rows of the model. Copies only
   * the ids that it does not hold already.
   */
  void copyPrefix(DecoderRows source, int sourceRow, int targetRow, int length);

  /**
   * Makes a row hold the first ids of a kept prefix. Copies only the ids that it does not hold
   * already.
   */
  void copyPrefix(CachedPrefix source, int targetRow, int length);

  /** Returns a copy of a row's ids, keys and values. The row must have at least one id. */
  CachedPrefix keep(int row);

  /** Exchanges two rows. */
  void swap(int a, int b);

  /**
   * Changes the size. The remaining rows keep their contents.
   *
   * @param logitsRows the number of rows of logits that a run must be able to give, at least rows
   * @throws dev.polylm.PolyLmException if there is not enough memory; the rows can then only be
   *     closed
   */
  void resize(int rows, int capacity, int logitsRows);

  /** Frees the memory; idempotent. */
  @Override
  void close();
}

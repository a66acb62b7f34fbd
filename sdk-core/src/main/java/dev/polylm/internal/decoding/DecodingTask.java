package dev.polylm.internal.decoding;

import dev.polylm.generation.FinishReason;
import java.util.List;

/**
 * What a model is run for: ids to read that depend on what it answered before, apart from the model
 * and from the other tasks that share its runs.
 *
 * <p>It begins with a row for each prompt. After each {@link #advance} that leaves it unfinished,
 * {@link #rows} sequences want another step: row i goes on from what row {@link #parents}[i] of the
 * step before held, by reading {@link #nextId}.
 *
 * <p>A task is used by one thread at a time: by the engine's from its submission to its end. What
 * it is called for must not wait for anything, as all other tasks would wait with it.
 */
public interface DecodingTask {

  /** The longest {@link #draftIds} of any task: a run has a bound, and a row of logits for each. */
  int MAX_DRAFT_IDS = 255;

  /** The logits of some rows. */
  interface RowLogits {
    /** Copies a row's logits into target, [vocabSize]. */
    void copy(int row, float[] target);
  }

  /** The last hidden states of some ids. */
  interface HiddenStates {
    /** Copies an id's hidden state into target, [hiddenSize]. */
    void copy(int row, float[] target);
  }

  /** What its first rows read, at least one id each; not to be changed. */
  List<int[]> prompts();

  /**
   * The most rows it can want; 0 where it wants nothing but its prompts read, which then take turns
   * in one row.
   */
  int maxRows();

  /** The most ids, prompt included, that a row can come to hold. */
  int maxLength();

  /** The most ids that {@link #draftIds} can have, up to {@value #MAX_DRAFT_IDS}. */
  default int maxDraftIds() {
    return 0;
  }

  /**
   * The first position of a prompt from which on {@link #takePromptLogits} wants the logits; by
   * default it wants none.
   */
  default int promptLogitsFrom(int prompt) {
    return Integer.MAX_VALUE;
  }

  /**
   * Takes the logits that follow positions of a prompt, as it is read.
   *
   * @param position of row 0
   * @param count rows there are
   */
  default void takePromptLogits(int prompt, int position, int count, RowLogits logits) {}

  /**
   * Whether {@link #takeHiddenStates} wants the last hidden states of its prompts; by default not.
   * Where it does, all of each prompt is read for it, and none of it is kept for others.
   */
  default boolean wantsHiddenStates() {
    return false;
  }

  /**
   * Takes the last hidden states of a prompt, as it is read.
   *
   * @param count rows there are
   */
  default void takeHiddenStates(int prompt, int count, HiddenStates states) {}

  /**
   * Whether the task must always get the same logits, bit for bit. If so, no other task shares its
   * runs, and its prompts are read without anything that is known already; by default not.
   */
  default boolean reproducible() {
    return false;
  }

  /**
   * Takes the logits that follow each row: those of the prompts when all have been read, then those
   * of each step.
   */
  void advance(RowLogits logits);

  /** True when no row wants another step. */
  boolean finished();

  /** Ends all sequences with what they have; the last call, where the task has not finished. */
  default void stop(FinishReason reason) {}

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

  /** Takes the guess back: the next step reads the next id alone, beside rows of other tasks. */
  default void dropDraft() {}

  /** How many of the ids read in the last step hold; the row forgets the others. */
  default int heldIds() {
    return 1;
  }
}

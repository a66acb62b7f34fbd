package dev.polylm.internal.decoding;

import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.FinishReason;
import java.util.List;

/**
 * A task for a model: ids to read, which depend on the logits before them. It knows neither the
 * model nor the other tasks that share its runs.
 *
 * <p>It begins with a row for each prompt. After each {@link #advance} that leaves it unfinished,
 * {@link #rows} sequences want another step: row i continues row {@link #parents}[i] of the last
 * step by reading {@link #nextId}.
 *
 * <p>Only one thread at a time uses a task: the engine's, from its submission to its end. Its
 * methods must not wait for anything, because all other tasks would wait too.
 */
public interface DecodingTask {

  /**
   * The greatest length of {@link #draftIds} of any task. A run has a limit, and needs a row of
   * logits for each id.
   */
  int MAX_DRAFT_IDS = 255;

  /** The most ids that a draft model guesses for a step. */
  int MAX_MODEL_GUESSES = 15;

  /** What {@link #guess} returns if nothing more can be guessed. */
  int NO_GUESS = -1;

  /** The logits of some rows. */
  interface RowLogits {
    /** Copies a row's logits into target, [vocabSize]. Threads may copy at once. */
    void copy(int row, float[] target);
  }

  /** The last hidden states of some ids. */
  interface HiddenStates {
    /** Copies an id's hidden state into target, [hiddenSize]. */
    void copy(int row, float[] target);
  }

  /** Returns the prompts that its first rows read, at least one id each. Don't change them. */
  List<int[]> prompts();

  /**
   * Returns the largest number of rows that it can want. 0 means that it only wants its prompts
   * read; they then use one row in turn.
   */
  int maxRows();

  /** Returns the greatest length of a row, prompt included. */
  int maxLength();

  /** Returns the greatest length of {@link #draftIds}, at most {@value #MAX_DRAFT_IDS}. */
  default int maxDraftIds() {
    return 0;
  }

  /**
   * Returns the first position of a prompt from which on {@link #takePromptLogits} wants the
   * logits; by default it wants none.
   */
  default int promptLogitsFrom(int prompt) {
    return Integer.MAX_VALUE;
  }

  /**
   * Takes the logits that follow positions of a prompt, while it is read.
   *
   * @param position the position of row 0
   * @param count the number of rows
   */
  default void takePromptLogits(int prompt, int position, int count, RowLogits logits) {}

  /**
   * Returns whether {@link #takeHiddenStates} wants the last hidden states of its prompts; by
   * default it does not. If it does, each prompt is read completely, and nothing is kept for other
   * requests.
   */
  default boolean wantsHiddenStates() {
    return false;
  }

  /**
   * Takes the last hidden states of a prompt, while it is read.
   *
   * @param count the number of rows
   */
  default void takeHiddenStates(int prompt, int count, HiddenStates states) {}

  /**
   * Returns whether the task must always get the same logits, bit for bit; by default it need not.
   * If so, no other task shares its runs, and its prompts are read completely, without reuse of
   * known keys and values.
   */
  default boolean reproducible() {
    return false;
  }

  /**
   * Takes the logits that follow each row: those of the prompts when all have been read, then those
   * of each step.
   */
  void advance(RowLogits logits);

  /** Returns true if no row wants another step. */
  boolean finished();

  /**
   * Ends all sequences with their ids so far. This is the last call if the task has not finished.
   */
  default void stop(FinishReason reason) {}

  /** Returns how many sequences want another step. */
  int rows();

  /** Returns the row of the last step that each row continues: [rows] or more. Don't change it. */
  int[] parents();

  /** Returns the id that a row reads next. */
  int nextId(int row);

  /**
   * Returns guessed ids that the only row reads after its next id, in the same run. {@link
   * #advance} then receives the logits that follow each id, in order.
   */
  default int[] draftIds() {
    return new int[0];
  }

  /**
   * Returns the ids of the only row, its next id included, if a draft model may guess what follows
   * them; else none.
   */
  default int[] idsToGuessAfter() {
    return new int[0];
  }

  /**
   * Takes a draft model's logits that follow {@link #idsToGuessAfter} and the guesses so far.
   * Returns the next guess. The guesses replace {@link #draftIds} once they are more.
   */
  default int guess(RowLogits logits) {
    return NO_GUESS;
  }

  /** Drops the guess: the next step reads only the next id, together with rows of other tasks. */
  default void dropDraft() {}

  /** Returns how many of the ids read in the last step are kept. The row forgets the others. */
  default int heldIds() {
    return 1;
  }

  /** Returns how many ids it guessed, and how many of them were right. */
  default DraftCounts draftCounts() {
    return DraftCounts.NONE;
  }
}

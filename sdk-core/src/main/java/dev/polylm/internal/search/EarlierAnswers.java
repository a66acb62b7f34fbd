package dev.polylm.internal.search;

import dev.polylm.logits.TokenSequence;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** The latest answers of a model whose requests allow it, to guess ids from. Thread-safe. */
public final class EarlierAnswers {
  private static final int MAX_IDS = 1 << 16; // comparing all of them takes far less than a step
  private static final int[] NO_IDS = {};

  private final Deque<int[]> answers = new ArrayDeque<>(); // the latest first; guarded by this
  private int size; // guarded by this: of all together

  /** Keeps the ids of an answer. The oldest answers make room for it. */
  public synchronized void add(int[] ids) {
    answers.addFirst(ids.clone());
    size += ids.length;
    while (size > MAX_IDS) {
      size -= answers.removeLast().length;
    }
  }

  /**
   * Returns the ids that followed the last ids of a row in the latest answer that has them; none if
   * no answer does.
   *
   * @param ngramSize how many of the row's last ids must be equal
   * @param most the greatest length of the result
   */
  synchronized int[] following(TokenSequence row, int ngramSize, int most) {
    for (int[] answer : answers) {
      for (int end = ngramSize; end < answer.length; end++) {
        if (endsWith(row, answer, end, ngramSize)) {
          return Arrays.copyOfRange(answer, end, Math.min(answer.length, end + most));
        }
      }
    }
    return NO_IDS;
  }

  private static boolean endsWith(TokenSequence row, int[] answer, int end, int ngramSize) {
    for (int i = 1; i <= ngramSize; i++) {
      if (answer[end - i] != row.get(row.size() - i)) {
        return false;
      }
    }
    return true;
  }
}

package dev.polylm.internal.text;

import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.Utf8;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Ends a text that comes in pieces at the first of some stop strings, regardless of how the pieces
 * are cut.
 *
 * <p>The text ends at the stop string that is complete first. If several are complete with the same
 * character, the longest counts. So the end does not depend on the pieces. As in Hugging Face's
 * {@code StopStringCriteria} (transformers v5.17.0), the text ends with the piece that completes a
 * stop string. Unlike there, the rest of that piece is cut off, and so is the stop string unless it
 * is to be included.
 *
 * <p>It holds back text that may be the beginning of a stop string, which is shorter than the
 * longest of them. For each stop string the time is linear in the length of the text. Not
 * thread-safe.
 */
public final class StopStringMatcher {
  private final List<StopString> stopStrings = new ArrayList<>();
  private final boolean includeStopString;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  /**
   * @param text the text that is now certain, which may be empty
   * @param stopped true if the text ends here, at a stop string
   */
  record Release(String text, boolean stopped) {}

  /**
   * @param stopStrings the stop strings, which may be none
   * @param includeStopString true if the stop string is part of the text that it ends
   * @throws PolyLmException if a stop string is empty or contains half of a surrogate pair
   */
  StopStringMatcher(Collection<String> stopStrings, boolean includeStopString) {
    this.includeStopString = includeStopString;
    for (String text : stopStrings) {
      check(text, this.stopStrings.size());
      this.stopStrings.add(new StopString(text));
    }
  }

  private static void check(String text, int index) {
    if (text.isEmpty()) {
      throw new PolyLmException("stop string %s is empty, expected text".formatted(index));
    }
    if (Utf8.loneSurrogate(text) >= 0) {
      throw new PolyLmException(
          "stop string %s holds half of a surrogate pair, expected whole characters"
              .formatted(index));
    }
  }

  /**
   * Takes the next piece and returns the text that is now certain.
   *
   * @param piece whole code points
   * @throws IllegalStateException after a stop string
   */
  Release accept(String piece) {
    if (stopped) {
      throw new IllegalStateException("the text has ended at a stop string");
    }
    for (int i = 0; i < piece.length(); i++) {
      char next = piece.charAt(i);
      held.append(next);
      int complete = 0;
      for (StopString stopString : stopStrings) {
        complete = Math.max(complete, stopString.accept(next));
      }
      if (complete > 0) {
        stopped = true;
        String text = release(includeStopString ? held.length() : held.length() - complete);
        held.setLength(0);
        return new Release(text, true);
      }
    }
    int begun = stopStrings.stream().mapToInt(StopString::begun).max().orElse(0);
    return new Release(release(held.length() - begun), false);
  }

  /** Ends the text and returns the rest of it. After a stop string the rest is empty. */
  String finish() {
    return release(held.length());
  }

  private String release(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }

  /**
   * One stop string, and how much of it is at the end of the text so far (Knuth, Morris and Pratt,
   * 1977).
   */
  private static final class StopString {
    private final String text;

    /**
     * For each length of a beginning: the length of the longest shorter beginning that it ends
     * with.
     */
    private final int[] shorter;

    private int begun;

    StopString(String text) {
      this.text = text;
      this.shorter = new int[text.length() + 1];
      for (int length = 2; length <= text.length(); length++) {
        shorter[length] = next(shorter[length - 1], text.charAt(length - 1));
      }
    }

    /** Returns the length of the stop string if this char completes it, or 0. */
    int accept(char next) {
      begun = next(begun, next);
      return begun == text.length() ? begun : 0;
    }

    /**
     * Returns the length of the longest beginning of the stop string that the text so far ends
     * with.
     */
    int begun() {
      return begun;
    }

    private int next(int length, char next) {
      int candidate = length;
      while (candidate > 0 && text.charAt(candidate) != next) {
        candidate = shorter[candidate];
      }
      return text.charAt(candidate) == next ? candidate + 1 : 0;
    }
  }
}

package dev.polylm.internal.text;

/**
 * Cuts a text that comes in pieces so that no later piece can move a cut. It cuts between extended
 * grapheme clusters, which a reader sees as one character (a letter with its marks, a flag, a
 * family of emoji, a Hangul syllable in jamo).
 *
 * <p>It holds back at most the last cluster, and at most {@value #MAX_HELD_CODE_POINTS} code
 * points. A longer cluster is released in pieces of at most that many. The releases for a text do
 * not depend on the pieces that it came in. Not thread-safe.
 */
public final class GraphemeStream {
  /** The longest emoji sequences have ten code points. Longer clusters are noise. */
  static final int MAX_HELD_CODE_POINTS = 64;

  private final GraphemeRules rules = new GraphemeRules();
  private final StringBuilder held = new StringBuilder();
  private int heldCodePoints;

  /**
   * Takes the next piece and returns the text that is now certain, which may be empty.
   *
   * @param text whole code points
   */
  String accept(String text) {
    int border = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      if (!rules.joins(codePoint)) {
        border = held.length();
        heldCodePoints = 0;
      }
      held.appendCodePoint(codePoint);
      heldCodePoints++;
      if (rules.isClosed() || heldCodePoints == MAX_HELD_CODE_POINTS) {
        border = held.length();
        heldCodePoints = 0;
      }
    }
    return release(border);
  }

  /** Ends the text and returns the rest of it. */
  String finish() {
    return release(held.length());
  }

  private String release(int length) {
    String text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }
}

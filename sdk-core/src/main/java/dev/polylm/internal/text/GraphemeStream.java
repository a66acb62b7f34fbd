package dev.polylm.internal.text;

/**
 * Cuts a text that comes in pieces where no later piece can move the cut: between extended grapheme
 * clusters, what a reader sees as one character (a letter with its marks, a flag, a family of
 * emoji, a Hangul syllable in jamo).
 *
 * <p>Held back is at most the last cluster, and of a cluster without end at most {@value
 * #MAX_HELD_CODE_POINTS} code points: then they are released, and the rest of the cluster follows
 * in pieces of at most that many. What is released after a text does not depend on the pieces it
 * came in. Not thread-safe.
 */
public final class GraphemeStream {
  /** The longest emoji sequences have ten; marks without end are noise. */
  static final int MAX_HELD_CODE_POINTS = 64;

  private final GraphemeRules rules = new GraphemeRules();
  private final StringBuilder held = new StringBuilder();
  private int heldCodePoints;

  /**
   * Takes the next piece and returns the text that is now certain, perhaps none.
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

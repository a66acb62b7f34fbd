package dev.polylm.internal.untrusted;

/**
 * Quotes texts of files and callers in messages: on one line, and without characters that would
 * change how a terminal or a log shows the rest.
 */
public final class Quoted {
  private static final int CHARACTERS = 120;
  private static final int REPLACEMENT = '?';

  private Quoted() {}

  /** Returns a value as a short text. Characters that can't be shown become question marks. */
  public static String of(Object value) {
    String text = value.toString();
    boolean longer = text.length() > CHARACTERS;
    return shown(longer ? text.substring(0, CHARACTERS) + "..." : text, REPLACEMENT);
  }

  /** Returns a whole message. A line break in it becomes a space. */
  public static String line(String message) {
    return shown(message, ' ');
  }

  private static String shown(String text, int forSpacing) {
    if (text.codePoints().noneMatch(Quoted::isHidden)) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> !isHidden(c) ? c : c == '\n' || c == '\r' || c == '\t' ? forSpacing : REPLACEMENT)
        .forEach(shown::appendCodePoint);
    return shown.toString();
  }

  /**
   * Returns true for control characters, line separators, halves of surrogate pairs, and characters
   * that change the text direction.
   */
  private static boolean isHidden(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default ->
          (codePoint >= 0x202A && codePoint <= 0x202E)
              || (codePoint >= 0x2066 && codePoint <= 0x2069);
    };
  }
}

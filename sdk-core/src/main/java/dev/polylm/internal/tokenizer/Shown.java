package dev.polylm.internal.tokenizer;

/** What a stranger's file or text says, as a message may show it on a terminal or in a log. */
public final class Shown {
  private static final int CHARACTERS = 120;

  private Shown() {}

  /**
   * The value as a text: on one line, not long, and each character that is not seen, such as the
   * one that begins a terminal's commands, as its number.
   */
  public static String of(Object value) {
    String text = value.toString();
    StringBuilder shown = new StringBuilder();
    int end = Math.min(text.length(), CHARACTERS);
    for (int position = 0; position < end; ) {
      int codePoint = text.codePointAt(position);
      position += Character.charCount(codePoint);
      if (isSeen(codePoint)) {
        shown.appendCodePoint(codePoint);
      } else {
        shown.append("\\u%04X".formatted(codePoint));
      }
    }
    return end < text.length() ? shown + "..." : shown.toString();
  }

  private static boolean isSeen(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}

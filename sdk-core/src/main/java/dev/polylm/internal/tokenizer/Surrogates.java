package dev.polylm.internal.tokenizer;

/** Half of a surrogate pair is no character: like any malformed input it becomes U+FFFD. */
final class Surrogates {
  private static final char REPLACEMENT = '\uFFFD';

  private Surrogates() {}

  static boolean arePaired(String text) {
    return firstAlone(text, 0) == text.length();
  }

  /** The text with U+FFFD for each half. */
  static String replaced(String text) {
    int alone = firstAlone(text, 0);
    if (alone == text.length()) {
      return text;
    }
    StringBuilder repaired = new StringBuilder(text);
    for (; alone < text.length(); alone = firstAlone(text, alone + 1)) {
      repaired.setCharAt(alone, REPLACEMENT);
    }
    return repaired.toString();
  }

  /** Where the first half without another stands, the text's length where none does. */
  private static int firstAlone(String text, int from) {
    int position = from;
    while (position < text.length()) {
      if (Character.isSurrogate(text.charAt(position))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(position))) {
          return position;
        }
        position++;
      }
      position++;
    }
    return position;
  }
}

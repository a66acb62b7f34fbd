package dev.polylm.evaluation.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What Python's text functions do where Java's differ. The references are Python programs. */
public final class PythonText {
  private PythonText() {}

  /** Returns whether {@code str.isspace} calls a character white. */
  public static boolean isSpace(int codePoint) {
    return (codePoint >= 0x09 && codePoint <= 0x0D)
        || (codePoint >= 0x1C && codePoint <= 0x20)
        || codePoint == 0x85
        || Character.isSpaceChar(codePoint);
  }

  /** Returns whether {@code \w} of Python's re module matches a character. */
  public static boolean isWord(int codePoint) {
    int type = Character.getType(codePoint);
    return codePoint == '_'
        || Character.isLetterOrDigit(codePoint)
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  /** Splits a text at white space, as {@code str.split()} does. */
  public static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (!isSpace(c)) {
                word.appendCodePoint(c);
              } else if (!word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
              }
            });
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }

  /** Removes white space from both ends, as {@code str.strip()} does. */
  public static String strip(String text) {
    return stripLeading(stripTrailing(text));
  }

  /** Removes white space from the beginning, as {@code str.lstrip()} does. */
  public static String stripLeading(String text) {
    int begin = 0;
    while (begin < text.length() && isSpace(text.charAt(begin))) {
      begin++; // all white space is in the basic plane
    }
    return text.substring(begin);
  }

  /** Removes white space from the end, as {@code str.rstrip()} does. */
  public static String stripTrailing(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** Returns the characters of a text, each as a text. */
  public static List<String> characters(String text) {
    return Arrays.stream(text.codePoints().toArray()).mapToObj(Character::toString).toList();
  }
}

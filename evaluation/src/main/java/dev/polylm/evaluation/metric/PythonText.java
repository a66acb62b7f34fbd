package dev.polylm.evaluation.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What Python's text functions do where Java's differ. The references are Python programs. */
final class PythonText {
  private PythonText() {}

  /** Returns whether {@code str.isspace} calls a character white. */
  static boolean isSpace(int codePoint) {
    return (codePoint >= 0x09 && codePoint <= 0x0D)
        || (codePoint >= 0x1C && codePoint <= 0x20)
        || codePoint == 0x85
        || Character.isSpaceChar(codePoint);
  }

  /** Returns whether {@code \w} of Python's re module matches a character. */
  static boolean isWord(int codePoint) {
    int type = Character.getType(codePoint);
    return codePoint == '_'
        || Character.isLetterOrDigit(codePoint)
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  /** Splits a text at white space, as {@code str.split()} does. */
  static List<String> split(String text) {
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
  static String strip(String text) {
    int[] characters = text.codePoints().toArray();
    int begin = 0;
    int end = characters.length;
    while (begin < end && isSpace(characters[begin])) {
      begin++;
    }
    while (begin < end && isSpace(characters[end - 1])) {
      end--;
    }
    return new String(characters, begin, end - begin);
  }

  /** Returns the characters of a text, each as a text. */
  static List<String> characters(String text) {
    return Arrays.stream(text.codePoints().toArray()).mapToObj(Character::toString).toList();
  }
}

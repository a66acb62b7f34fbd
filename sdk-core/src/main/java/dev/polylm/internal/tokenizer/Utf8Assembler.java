package dev.polylm.internal.tokenizer;

/**
 * Bytes to characters, one byte at a time, as soon as a character is certain. A byte that begins no
 * well-formed sequence becomes U+FFFD (The Unicode Standard 15.0, table 3-7, and SentencePiece's
 * {@code Decode}, which replaces each such byte by itself).
 */
public final class Utf8Assembler {
  private static final char REPLACEMENT = '\uFFFD';

  /** The beginning of a sequence that can still become well-formed, in the lowest bytes. */
  private final int[] held = new int[4];

  private int size;

  /** Takes the next byte, 0 to 255, and appends the characters that are now certain. */
  public void accept(int value, StringBuilder text) {
    held[size++] = value;
    while (size > 0 && !isPrefix()) {
      text.append(REPLACEMENT);
      System.arraycopy(held, 1, held, 0, --size);
    }
    if (size > 0 && size == length(held[0])) {
      text.appendCodePoint(codePoint());
      size = 0;
    }
  }

  /** Ends the run of bytes: what is still held can no longer become a character. */
  public void finish(StringBuilder text) {
    text.append(String.valueOf(REPLACEMENT).repeat(size));
    size = 0;
  }

  private boolean isPrefix() {
    if (length(held[0]) == 0 || (size > 1 && !isSecond(held[0], held[1]))) {
      return false;
    }
    for (int i = 2; i < size; i++) {
      if ((held[i] & 0xC0) != 0x80) {
        return false;
      }
    }
    return true;
  }

  /** The bytes of a sequence that begins with a byte, 0 where none does. */
  private static int length(int first) {
    if (first < 0x80) {
      return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
      return 0;
    }
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  }

  /** Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte. */
  private static boolean isSecond(int first, int second) {
    int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    return second >= lowest && second <= highest;
  }

  private int codePoint() {
    if (size == 1) {
      return held[0];
    }
    int codePoint = held[0] & (0x7F >> size);
    for (int i = 1; i < size; i++) {
      codePoint = (codePoint << 6) | (held[i] & 0x3F);
    }
    return codePoint;
  }
}

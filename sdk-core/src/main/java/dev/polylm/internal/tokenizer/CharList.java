package dev.polylm.internal.tokenizer;

import java.util.Arrays;

/** Chars, one after the other, in an array that others may read as it is. */
final class CharList implements CharSequence {
  private char[] chars;
  private int length;

  CharList(int capacity) {
    chars = new char[Math.max(16, capacity)];
  }

  void append(char c) {
    if (length == chars.length) {
      chars = Arrays.copyOf(chars, 2 * length);
    }
    chars[length++] = c;
  }

  void append(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      append(text.charAt(i));
    }
  }

  void set(int index, char c) {
    chars[index] = c;
  }

  /** Takes chars away. */
  void delete(int start, int end) {
    System.arraycopy(chars, end, chars, start, length - end);
    length -= end - start;
  }

  boolean endsWith(char c) {
    return length > 0 && chars[length - 1] == c;
  }

  /** The chars; those from {@link #length} on mean nothing. */
  char[] array() {
    return chars;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public char charAt(int index) {
    return chars[index];
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new String(chars, start, end - start);
  }

  @Override
  public String toString() {
    return new String(chars, 0, length);
  }
}

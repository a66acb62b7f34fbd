package dev.polylm.internal.tokenizer;

import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's normalization: replacements, extra spaces, the dummy prefix, and {@code ▁} for
 * each space ({@code Normalizer::Normalize} in SentencePiece v0.2.0, {@code src/normalizer.cc}).
 */
public final class TextNormalizer {
  /** Stands for a space in pieces. */
  public static final char WORD_BOUNDARY = '\u2581';

  private final @Nullable CharsMap charsMap;
  private final boolean removeExtraWhitespaces;
  private final SymbolMatcher userDefined;

  /**
   * @param charsMap the replacements, or null for none
   * @param removeExtraWhitespaces a run of spaces becomes one, and none begins or ends the text
   * @param userDefined symbols that are left as they are
   */
  TextNormalizer(
      @Nullable CharsMap charsMap, boolean removeExtraWhitespaces, SymbolMatcher userDefined) {
    this.charsMap = charsMap;
    this.removeExtraWhitespaces = removeExtraWhitespaces;
    this.userDefined = userDefined;
  }

  public boolean removesExtraWhitespaces() {
    return removeExtraWhitespaces;
  }

  /** A text may become shorter or longer. */
  boolean changesLength() {
    return removeExtraWhitespaces || charsMap != null;
  }

  /**
   * Normalizes a whole text.
   *
   * @param text well-formed UTF-16
   * @param dummyPrefix a boundary is put before a text that is more than removed spaces
   */
  CharList normalize(String text, boolean dummyPrefix) {
    return normalize(text, dummyPrefix, Integer.MAX_VALUE);
  }

  /**
   * The length of a normalized text without dummy prefix, if it is not above a limit.
   *
   * @return more than the limit where the length is more
   */
  int lengthWithin(String text, int limit) {
    return normalize(text, false, limit).length();
  }

  private CharList normalize(String text, boolean dummyPrefix, int limit) {
    CharList normalized = new CharList(Math.min(text.length(), limit) + 1);
    int position = 0;
    boolean afterSpace = removeExtraWhitespaces;
    boolean empty = true;
    while (position < text.length() && !isLonger(normalized, limit)) {
      int start = normalized.length();
      if (empty && dummyPrefix) {
        normalized.append(WORD_BOUNDARY);
      }
      int added = normalized.length();
      position += appendNext(text, position, normalized);
      if (empty && removeExtraWhitespaces && isSpace(normalized, added)) {
        normalized.delete(start, normalized.length());
        continue;
      }
      empty = false;
      if (afterSpace) {
        removeLeadingSpaces(normalized, added);
      }
      if (normalized.length() > added) {
        afterSpace = removeExtraWhitespaces && normalized.endsWith(' ');
        spacesToBoundaries(normalized, added);
      }
    }
    if (removeExtraWhitespaces) {
      removeTrailingBoundaries(normalized);
    }
    return normalized;
  }

  /** More than a limit, whatever of it is removed at the end. */
  private static boolean isLonger(CharList normalized, int limit) {
    return normalized.length() > limit && !normalized.endsWith(WORD_BOUNDARY);
  }

  /** Appends what stands for the next chars of a text, and returns how many these are. */
  private int appendNext(String text, int position, CharList normalized) {
    int symbol = userDefined.isEmpty() ? 0 : userDefined.lengthAt(text, position);
    if (symbol > 0) {
      normalized.append(text, position, position + symbol);
      return symbol;
    }
    int replaced = charsMap == null ? 0 : charsMap.appendLongest(text, position, normalized);
    if (replaced > 0) {
      return replaced;
    }
    int length = Character.isHighSurrogate(text.charAt(position)) ? 2 : 1;
    normalized.append(text, position, position + length);
    return length;
  }

  private static boolean isSpace(CharList text, int start) {
    return text.length() == start + 1 && text.charAt(start) == ' ';
  }

  private static void removeLeadingSpaces(CharList text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) == ' ') {
      end++;
    }
    text.delete(start, end);
  }

  private static void spacesToBoundaries(CharList text, int start) {
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) == ' ') {
        text.set(i, WORD_BOUNDARY);
      }
    }
  }

  private static void removeTrailingBoundaries(CharList text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == WORD_BOUNDARY) {
      end--;
    }
    text.delete(end, text.length());
  }
}

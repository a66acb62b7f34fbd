package dev.polylm.tokenizer;

import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's normalization: replacements, extra spaces, the dummy prefix, and {@code ▁} for
 * each space ({@code Normalizer::Normalize} in SentencePiece v0.2.0, {@code src/normalizer.cc}).
 */
final class TextNormalizer {
  static final char WORD_BOUNDARY = '\u2581';

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

  boolean removesExtraWhitespaces() {
    return removeExtraWhitespaces;
  }

  /**
   * @param text well-formed UTF-16
   * @param dummyPrefix a boundary is put before a text that is more than removed spaces
   */
  String normalize(String text, boolean dummyPrefix) {
    StringBuilder normalized = new StringBuilder(text.length() + 1);
    int position = 0;
    boolean afterSpace = removeExtraWhitespaces;
    boolean empty = true;
    while (position < text.length()) {
      CharsMap.Rule rule = ruleAt(text, position);
      position += rule.length();
      if (empty && removeExtraWhitespaces && rule.replacement().equals(" ")) {
        continue;
      }
      if (empty && dummyPrefix) {
        normalized.append(WORD_BOUNDARY);
      }
      empty = false;
      String added = afterSpace ? withoutLeadingSpaces(rule.replacement()) : rule.replacement();
      normalized.append(added.replace(' ', WORD_BOUNDARY));
      if (!added.isEmpty()) {
        afterSpace = removeExtraWhitespaces && added.endsWith(" ");
      }
    }
    return removeExtraWhitespaces ? withoutTrailingBoundaries(normalized) : normalized.toString();
  }

  private CharsMap.Rule ruleAt(String text, int position) {
    int symbol = userDefined.lengthAt(text, position);
    if (symbol > 0) {
      return new CharsMap.Rule(symbol, text.substring(position, position + symbol));
    }
    CharsMap.Rule rule = charsMap == null ? null : charsMap.longestAt(text, position);
    if (rule != null) {
      return rule;
    }
    int length = Character.charCount(text.codePointAt(position));
    return new CharsMap.Rule(length, text.substring(position, position + length));
  }

  private static String withoutLeadingSpaces(String text) {
    int start = 0;
    while (start < text.length() && text.charAt(start) == ' ') {
      start++;
    }
    return text.substring(start);
  }

  private static String withoutTrailingBoundaries(StringBuilder text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == WORD_BOUNDARY) {
      end--;
    }
    return text.substring(0, end);
  }
}

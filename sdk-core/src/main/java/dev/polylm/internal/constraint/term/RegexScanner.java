package dev.polylm.internal.constraint.term;

import dev.polylm.PolyLmException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Scans the syntax of a regular expression: quantifiers, classes, escapes. */
final class RegexScanner {
  private static final Pattern COUNTS = Pattern.compile("\\{[0-9]+(,[0-9]*)?}");
  private static final CodePoints DIGITS = CodePoints.range('0', '9');
  private static final CodePoints WORD = CodePoints.ranges('0', '9', 'A', 'Z', '_', '_', 'a', 'z');
  private static final CodePoints LINE_ENDS =
      CodePoints.ranges('\n', '\n', '\r', '\r', 0x2028, 0x2029);

  /** ECMA-262's WhiteSpace and LineTerminator. */
  private static final CodePoints SPACE =
      CodePoints.ranges(
          9, 13, ' ', ' ', 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029, 0x202F,
          0x202F, 0x205F, 0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF);

  private final String pattern;
  private int at;

  RegexScanner(String pattern) {
    this.pattern = pattern;
  }

  boolean atEnd() {
    return at == pattern.length();
  }

  /** Returns the next character, or 0 at the end. */
  char peek() {
    return atEnd() ? 0 : pattern.charAt(at);
  }

  boolean take(char c) {
    boolean found = !atEnd() && pattern.charAt(at) == c;
    at += found ? 1 : 0;
    return found;
  }

  private boolean take(String text) {
    boolean found = pattern.startsWith(text, at);
    at += found ? text.length() : 0;
    return found;
  }

  void expect(char c) {
    if (!take(c)) {
      throw error("a %c is missing".formatted(c));
    }
  }

  PolyLmException error(String what) {
    return new PolyLmException(
        "the pattern %s is not supported: %s, at character %s"
            .formatted(shortened(pattern), what, at + 1));
  }

  private static String shortened(String pattern) {
    return pattern.length() <= 80 ? pattern : pattern.substring(0, 80) + "...";
  }

  boolean atLookahead() {
    return pattern.startsWith("(?=", at) || pattern.startsWith("(?!", at);
  }

  /** Enters a lookahead. Returns true if it must match, false if it must not. */
  boolean startLookahead() {
    if (take("(?=")) {
      return true;
    }
    at += "(?!".length();
    return false;
  }

  /** Skips the text after an opening bracket: nothing, {@code ?:} or a name. */
  void skipGroupName() {
    if (take("?:") || peek() != '?') {
      return;
    }
    boolean named = take("?<") && peek() != '=' && peek() != '!';
    int close = pattern.indexOf('>', at);
    if (!named || close <= at) {
      throw error("a group that is neither plain nor named");
    }
    at = close + 1;
  }

  boolean atQuantifier() {
    char c = peek();
    return c == '*' || c == '+' || c == '?' || (c == '{' && atCounts());
  }

  /**
   * Returns whether a repetition begins here. By Annex B of ECMA-262, any other brace is an
   * ordinary character.
   */
  private boolean atCounts() {
    return COUNTS.matcher(pattern).region(at, pattern.length()).lookingAt();
  }

  /** Returns the least and the greatest number of a quantifier; -1 means no limit. */
  int[] quantifier(int limit) {
    int[] bounds =
        switch (pattern.charAt(at++)) {
          case '*' -> new int[] {0, -1};
          case '+' -> new int[] {1, -1};
          case '?' -> new int[] {0, 1};
          default -> counts(limit);
        };
    take('?');
    return bounds;
  }

  private int[] counts(int limit) {
    int least = number(limit);
    int most = least;
    if (take(',')) {
      most = peek() == '}' ? -1 : number(limit);
    }
    expect('}');
    if (most >= 0 && most < least) {
      throw error("a repetition of %s to %s times".formatted(least, most));
    }
    return new int[] {least, most};
  }

  private int number(int limit) {
    int value = 0;
    while (peek() >= '0' && peek() <= '9') {
      value = 10 * value + pattern.charAt(at++) - '0';
      if (value > limit) {
        throw error("a repetition of over %s times".formatted(limit));
      }
    }
    return value;
  }

  /** Returns the set of characters that the next sign means. */
  CodePoints characters() {
    char c = peek();
    if (c == '[') {
      return bracketed();
    }
    if (c == '\\') {
      return escape(false);
    }
    if (take('.')) {
      return LINE_ENDS.complement();
    }
    if (atQuantifier()) {
      throw error("nothing to repeat");
    }
    return literal();
  }

  private CodePoints literal() {
    int codePoint = pattern.codePointAt(at);
    at += Character.charCount(codePoint);
    return CodePoints.of(codePoint);
  }

  private CodePoints bracketed() {
    expect('[');
    boolean negated = take('^');
    CodePoints set = CodePoints.ranges();
    while (!take(']')) {
      CodePoints item = item();
      if (peek() == '-' && !pattern.startsWith("-]", at)) {
        at++;
        CodePoints last = item();
        item = span(item, last);
      }
      set = set.union(item);
    }
    return negated ? set.complement() : set;
  }

  /**
   * Returns the range from one character to another. Next to a whole class, a hyphen is an ordinary
   * character.
   */
  private CodePoints span(CodePoints first, CodePoints last) {
    int low = first.single();
    int high = last.single();
    if (low < 0 || high < 0) {
      return first.union(last).union(CodePoints.of('-'));
    }
    if (low > high) {
      throw error(String.format(Locale.ROOT, "a range from U+%04X down to U+%04X", low, high));
    }
    return CodePoints.range(low, high);
  }

  private CodePoints item() {
    if (atEnd()) {
      throw error("a [ without its ]");
    }
    return peek() == '\\' ? escape(true) : literal();
  }

  private CodePoints escape(boolean bracketed) {
    at++;
    if (atEnd()) {
      throw error("a \\ at the end");
    }
    char c = pattern.charAt(at++);
    return switch (c) {
      case 'd' -> DIGITS;
      case 'D' -> DIGITS.complement();
      case 'w' -> WORD;
      case 'W' -> WORD.complement();
      case 's' -> SPACE;
      case 'S' -> SPACE.complement();
      case 'p' -> property();
      case 'P' -> property().complement();
      default -> CodePoints.of(escapedCharacter(c, bracketed));
    };
  }

  private int escapedCharacter(char c, boolean bracketed) {
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'f' -> '\f';
      case 'v' -> 0x0B;
      case 'x' -> hex(2);
      case 'u' -> unicode();
      case 'c' -> control();
      case '0' -> nul();
      case 'b' -> backspace(bracketed);
      default -> itself(c);
    };
  }

  private int backspace(boolean bracketed) {
    if (!bracketed) {
      throw error("a \\b");
    }
    return '\b';
  }

  private int control() {
    char letter = peek();
    if (!isLetter(letter)) {
      throw error("a \\c without a letter");
    }
    at++;
    return letter & 31;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private int nul() {
    if (peek() >= '0' && peek() <= '9') {
      throw error("an octal escape");
    }
    return 0;
  }

  /**
   * Returns a character that means itself. Escaped punctuation does; escaped letters are reserved
   * by ECMA-262.
   */
  private int itself(char c) {
    if ((c >= '1' && c <= '9') || c == 'k') {
      throw error("a back reference");
    }
    if (isLetter(c)) {
      throw error("the escape \\%c".formatted(c));
    }
    at--;
    int codePoint = pattern.codePointAt(at);
    at += Character.charCount(codePoint);
    return codePoint;
  }

  private int hex(int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw error("an escape without its %s hexadecimal digits".formatted(digits));
      }
      value = 16 * value + digit;
      at++;
    }
    return value;
  }

  private int unicode() {
    if (take('{')) {
      int close = pattern.indexOf('}', at);
      int digits = close - at;
      int value = digits < 1 || digits > 6 ? Integer.MAX_VALUE : hex(digits);
      if (value > Character.MAX_CODE_POINT) {
        throw error("a \\u{..} that is not a code point");
      }
      expect('}');
      return value;
    }
    int unit = hex(4);
    int after = at;
    if (Character.isHighSurrogate((char) unit) && take("\\u")) {
      int low = hex(4);
      if (Character.isLowSurrogate((char) low)) {
        return Character.toCodePoint((char) unit, (char) low);
      }
      at = after;
    }
    return unit;
  }

  private CodePoints property() {
    int close = pattern.indexOf('}', at);
    if (!take('{') || close < 0) {
      throw error("a \\p without {..}");
    }
    String name = pattern.substring(at, close);
    at = close + 1;
    return UnicodeProperties.find(name)
        .orElseThrow(() -> error("the property %s, which is not known".formatted(shortened(name))));
  }
}

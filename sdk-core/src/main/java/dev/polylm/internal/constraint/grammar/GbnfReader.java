package dev.polylm.internal.constraint.grammar;

import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.grammar.Expression.Choice;
import dev.polylm.internal.constraint.grammar.Expression.Reference;
import dev.polylm.internal.constraint.grammar.Expression.Repetition;
import dev.polylm.internal.constraint.grammar.Expression.Sequence;
import dev.polylm.internal.constraint.grammar.Expression.Text;
import dev.polylm.internal.constraint.term.CodePoints;
import dev.polylm.internal.constraint.term.Spelling;
import dev.polylm.internal.constraint.term.Terms;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads GBNF, the grammars of llama.cpp, as its <a
 * href="https://github.com/ggml-org/llama.cpp/blob/b6500/grammars/README.md">grammars/README.md</a>
 * describes them.
 */
final class GbnfReader {
  private static final int MAX_DEPTH = 100;
  private static final int MAX_COUNT = 10_000;
  private static final int MAX_SIGNS = 5;

  private final Spelling spelling;
  private final String text;
  private int at;
  private int depth;

  GbnfReader(Terms terms, String text) {
    this.spelling = Spelling.plain(terms);
    this.text = text;
  }

  /** Returns the rules by name, in their order. */
  Map<String, Expression> read() {
    Map<String, Expression> rules = new LinkedHashMap<>();
    skipSpace(true);
    while (at < text.length()) {
      String name = name();
      skipSpace(false);
      if (!take("::=")) {
        throw error("a rule has its name, then ::=");
      }
      skipSpace(true);
      if (rules.putIfAbsent(name, choice(false)) != null) {
        throw error("the rule %s occurs twice".formatted(name));
      }
      if (at < text.length() && peek() != '\n' && peek() != '\r') {
        throw error("a rule ends with its line");
      }
      skipSpace(true);
    }
    return rules;
  }

  private Expression choice(boolean nested) {
    if (++depth > MAX_DEPTH) {
      throw error("at most %s groups may be nested".formatted(MAX_DEPTH));
    }
    List<Expression> parts = new ArrayList<>();
    parts.add(sequence(nested));
    while (take("|")) {
      skipSpace(true);
      parts.add(sequence(nested));
    }
    depth--;
    return parts.size() == 1 ? parts.get(0) : new Choice(parts);
  }

  private Expression sequence(boolean nested) {
    List<Expression> parts = new ArrayList<>();
    while (at < text.length() && "|)\r\n".indexOf(peek()) < 0) {
      parts.add(repeated(nested));
    }
    return parts.size() == 1 ? parts.get(0) : new Sequence(parts);
  }

  private Expression repeated(boolean nested) {
    Expression part = atom();
    skipSpace(nested);
    for (int signs = 0; at < text.length() && "*+?{".indexOf(peek()) >= 0; signs++) {
      if (signs == MAX_SIGNS) {
        throw error("at most %s repetitions may follow one another".formatted(MAX_SIGNS));
      }
      part = repetition(part, text.charAt(at++));
      skipSpace(nested);
    }
    return part;
  }

  private Expression repetition(Expression part, char sign) {
    return switch (sign) {
      case '*' -> new Repetition(part, 0, -1);
      case '+' -> new Repetition(part, 1, -1);
      case '?' -> new Repetition(part, 0, 1);
      default -> counted(part);
    };
  }

  private Expression counted(Expression part) {
    skipSpace(true);
    int min = peek() == ',' ? 0 : count();
    int max = min;
    skipSpace(true);
    if (take(",")) {
      skipSpace(true);
      max = peek() == '}' ? -1 : count();
      skipSpace(true);
    }
    if (!take("}")) {
      throw error("a repetition is {m}, {m,} or {m,n}");
    }
    if (max >= 0 && max < min) {
      throw error("a repetition of %s to %s times has no text".formatted(min, max));
    }
    return new Repetition(part, min, max);
  }

  private int count() {
    int start = at;
    int value = 0;
    while (peek() >= '0' && peek() <= '9') {
      value = 10 * value + text.charAt(at++) - '0';
      if (value > MAX_COUNT) {
        throw error("a repetition is at most %s times".formatted(MAX_COUNT));
      }
    }
    if (at == start) {
      throw error("a repetition is {m}, {m,} or {m,n}");
    }
    return value;
  }

  private Expression atom() {
    if (take("\"")) {
      return literal();
    }
    if (take("[")) {
      return characters();
    }
    if (take(".")) {
      return new Text(spelling.any());
    }
    if (take("(")) {
      skipSpace(true);
      Expression group = choice(true);
      if (!take(")")) {
        throw error("a ( has its )");
      }
      return group;
    }
    return new Reference(name());
  }

  private Expression literal() {
    StringBuilder literal = new StringBuilder();
    while (peek() != '"') {
      literal.appendCodePoint(character("a \" has its \""));
    }
    at++;
    return new Text(spelling.text(literal.toString()));
  }

  private Expression characters() {
    boolean negated = take("^");
    CodePoints set = CodePoints.ranges();
    while (peek() != ']') {
      int first = character("a [ has its ]");
      int last = first;
      if (peek() == '-' && !text.startsWith("-]", at)) {
        at++;
        last = character("a [ has its ]");
      }
      if (last < first) {
        throw error("a range goes up");
      }
      set = set.union(CodePoints.range(first, last));
    }
    at++;
    return new Text(spelling.of(negated ? set.complement() : set));
  }

  /** Returns the next character, or the character that an escape means. */
  private int character(String rule) {
    if (at >= text.length() || peek() == '\n') {
      throw error(rule);
    }
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    return c == '\\' ? escape(rule) : c;
  }

  private int escape(String rule) {
    if (at >= text.length()) {
      throw error(rule);
    }
    char c = text.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'x' -> hex(2);
      case 'u' -> hex(4);
      case 'U' -> hex(8);
      case '\\', '"', '[', ']', '-', '^' -> c;
      default -> throw error("an escape is one of \\n \\r \\t \\x \\u \\U \\\\ \\\" \\[ \\]");
    };
  }

  private int hex(int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0 || value > Character.MAX_CODE_POINT) {
        throw error("an escape has its %s hexadecimal digits of a code point".formatted(digits));
      }
      value = 16 * value + digit;
      at++;
    }
    if (value > Character.MAX_CODE_POINT) {
      throw error("a code point is at most 10FFFF");
    }
    return value;
  }

  private String name() {
    int start = at;
    while (isNamePart(peek())) {
      at++;
    }
    if (at == start) {
      throw error("expected a rule's name, a \", a [, a ( or a .");
    }
    return text.substring(start, at);
  }

  private static boolean isNamePart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_';
  }

  /** Returns the next character, or 0 at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean take(String sign) {
    boolean found = text.startsWith(sign, at);
    at += found ? sign.length() : 0;
    return found;
  }

  private void skipSpace(boolean lines) {
    while (at < text.length()) {
      char c = peek();
      if (c == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (c == ' ' || c == '\t' || (lines && (c == '\n' || c == '\r'))) {
        at++;
      } else {
        return;
      }
    }
  }

  private PolyLmException error(String rule) {
    long line = text.substring(0, Math.min(at, text.length())).lines().count();
    return new PolyLmException("grammar, line %s: %s".formatted(Math.max(1, line), rule));
  }
}

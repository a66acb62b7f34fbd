package dev.polylm.evaluation.harness;

import dev.polylm.PolyLmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads an expression by recursive descent. */
final class ExpressionReader {
  /** Deeper nesting is no template but an attack on the stack. */
  private static final int MAX_DEPTH = 50;

  /** So many that none of the harness' templates comes near, and the stack has room for them. */
  private static final int MAX_OPERATIONS = 500;

  private final String source;
  private int at;
  private int depth;
  private int operations;

  ExpressionReader(String source, int begin) {
    this.source = source;
    this.at = begin;
  }

  /** Reads {@code a if b else c}, or less. */
  Expression expression() {
    if (++depth > MAX_DEPTH) {
      throw wrong("at most %s levels of nesting".formatted(MAX_DEPTH));
    }
    Expression value = comparison();
    if (word("if")) {
      Expression condition = comparison();
      if (!word("else")) {
        throw wrong("else");
      }
      Expression otherwise = expression();
      depth--;
      return fields ->
          (Operations.isTrue(condition.value(fields)) ? value : otherwise).value(fields);
    }
    depth--;
    return value;
  }

  private Expression comparison() {
    Expression left = sum();
    if (symbol("==")) {
      Expression right = sum();
      return fields -> Operations.equal(left.value(fields), right.value(fields));
    }
    if (symbol("!=")) {
      Expression right = sum();
      return fields -> !Operations.equal(left.value(fields), right.value(fields));
    }
    return left;
  }

  private Expression sum() {
    Expression sum = operand();
    while (true) {
      countOperation();
      Expression left = sum;
      if (symbol("+")) {
        Expression right = operand();
        sum = fields -> Operations.plus(left.value(fields), right.value(fields));
      } else if (symbol("~")) {
        Expression right = operand();
        sum =
            fields ->
                Operations.asText(left.value(fields)) + Operations.asText(right.value(fields));
      } else {
        return sum;
      }
    }
  }

  /** Reads a value and what follows it: fields, calls, indices and filters. */
  private Expression operand() {
    Expression value = primary();
    while (true) {
      countOperation();
      Expression base = value;
      if (symbol(".")) {
        String name = name();
        value =
            symbol("(") ? call(base, name) : fields -> Operations.field(base.value(fields), name);
      } else if (symbol("[")) {
        value = index(base);
      } else if (symbol("|")) {
        String name = name();
        value = symbol("(") ? call(base, name) : call(base, name, List.of());
      } else {
        return value;
      }
    }
  }

  private void countOperation() {
    if (++operations > MAX_OPERATIONS) {
      throw wrong("at most %s operations".formatted(MAX_OPERATIONS));
    }
  }

  private Expression call(Expression base, String name) {
    return call(base, name, list(")"));
  }

  private static Expression call(Expression base, String name, List<Expression> arguments) {
    return fields ->
        Operations.call(
            name, base.value(fields), arguments.stream().map(a -> a.value(fields)).toList());
  }

  private Expression index(Expression base) {
    @Nullable Expression from = peek(":") ? null : expression();
    if (!symbol(":")) {
      expect("]");
      Expression index = from;
      if (index == null) {
        throw wrong("an index");
      }
      return fields -> Operations.element(base.value(fields), index.value(fields));
    }
    @Nullable Expression to = peek("]") ? null : expression();
    expect("]");
    return fields ->
        Operations.slice(
            base.value(fields),
            from == null ? null : from.value(fields),
            to == null ? null : to.value(fields));
  }

  private Expression primary() {
    if (symbol("(")) {
      Expression inner = expression();
      expect(")");
      return inner;
    }
    if (symbol("[")) {
      List<Expression> elements = list("]");
      return fields -> elements.stream().map(element -> element.value(fields)).toList();
    }
    if (symbol("{")) {
      return dictionary();
    }
    skipSpace();
    char next = at < source.length() ? source.charAt(at) : 0;
    if (next == '"' || next == '\'') {
      String text = text(next);
      return fields -> text;
    }
    if (next == '-' || Character.isDigit(next)) {
      Long number = number();
      return fields -> number;
    }
    String name = name();
    return fields -> Operations.field(fields, name);
  }

  private List<Expression> list(String close) {
    List<Expression> elements = new ArrayList<>();
    while (!symbol(close)) {
      elements.add(expression());
      if (!peek(close)) {
        expect(",");
      }
    }
    return elements;
  }

  private Expression dictionary() {
    Map<Expression, Expression> entries = new LinkedHashMap<>();
    while (!symbol("}")) {
      Expression key = expression();
      expect(":");
      entries.put(key, expression());
      if (!peek("}")) {
        expect(",");
      }
    }
    return fields -> {
      Map<String, Object> values = new LinkedHashMap<>();
      entries.forEach(
          (key, value) -> values.put(Operations.asText(key.value(fields)), value.value(fields)));
      return values;
    };
  }

  private String text(char quote) {
    StringBuilder text = new StringBuilder();
    for (at++; at < source.length() && source.charAt(at) != quote; at++) {
      char c = source.charAt(at);
      if (c == '\\' && at + 1 < source.length()) {
        char escaped = source.charAt(++at);
        text.append(
            switch (escaped) {
              case 'n' -> '\n';
              case 't' -> '\t';
              case '\\', '"', '\'' -> escaped;
              default -> throw wrong("one of the escapes \\n, \\t, \\\\, \\\" and \\'");
            });
      } else {
        text.append(c);
      }
    }
    if (at == source.length()) {
      throw wrong("a closing " + quote);
    }
    at++;
    return text.toString();
  }

  private Long number() {
    int begin = at++;
    while (at < source.length() && Character.isDigit(source.charAt(at))) {
      at++;
    }
    try {
      return Long.valueOf(source.substring(begin, at));
    } catch (NumberFormatException e) {
      throw wrong("a whole number");
    }
  }

  private String name() {
    skipSpace();
    int begin = at;
    while (at < source.length() && isNameCharacter(source.charAt(at))) {
      at++;
    }
    if (begin == at) {
      throw wrong("a name, a text, a number or a list");
    }
    return source.substring(begin, at);
  }

  private static boolean isNameCharacter(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private boolean word(String word) {
    skipSpace();
    int end = at + word.length();
    boolean found =
        source.startsWith(word, at)
            && (end == source.length() || !isNameCharacter(source.charAt(end)));
    at = found ? end : at;
    return found;
  }

  private boolean peek(String symbol) {
    skipSpace();
    return source.startsWith(symbol, at);
  }

  private boolean symbol(String symbol) {
    boolean found = peek(symbol);
    at += found ? symbol.length() : 0;
    return found;
  }

  /** Reads a symbol and returns where it ends. */
  int expect(String symbol) {
    if (!symbol(symbol)) {
      throw wrong(symbol);
    }
    return at;
  }

  private void skipSpace() {
    while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
      at++;
    }
  }

  private PolyLmException wrong(String expected) {
    return new PolyLmException(
        "the template \"%s\" has at character %s what is not known here, expected %s"
            .formatted(source, at + 1, expected));
  }
}

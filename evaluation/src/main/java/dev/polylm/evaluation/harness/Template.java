package dev.polylm.evaluation.harness;

import dev.polylm.PolyLmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A template: text with expressions in double braces. Of Jinja's expressions it has fields, texts,
 * numbers, lists, dictionaries, {@code +}, {@code ~}, {@code ==}, {@code !=}, {@code a if b else
 * c}, indices and slices, and the methods and filters that {@link Operations} lists. It has no
 * statements.
 */
final class Template {
  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";
  private static final String STATEMENT = "{%";
  private static final String COMMENT = "{#";

  private final String source;
  private final List<Object> parts = new ArrayList<>(); // texts and expressions

  private Template(String source) {
    this.source = source;
  }

  /**
   * Reads a template.
   *
   * @throws PolyLmException if it has what this subset of Jinja lacks
   */
  static Template of(String source) {
    Template template = new Template(source);
    if (source.contains(STATEMENT)) {
      throw unknown(source, "a statement, {% ... %}");
    }
    if (source.contains(COMMENT)) {
      throw unknown(source, "a comment, {# ... #}");
    }
    int at = 0;
    while (at < source.length()) {
      int open = source.indexOf(OPEN, at);
      int textEnd = open < 0 ? source.length() : open;
      if (textEnd > at) {
        template.parts.add(source.substring(at, textEnd));
      }
      at = open < 0 ? textEnd : template.addExpression(open + OPEN.length());
    }
    return template;
  }

  private static PolyLmException unknown(String source, String what) {
    return new PolyLmException(
        "the template \"%s\" has %s; only {{ ... }} is known here".formatted(source, what));
  }

  private int addExpression(int begin) {
    ExpressionReader reader = new ExpressionReader(source, begin);
    parts.add(reader.expression());
    return reader.expect(CLOSE);
  }

  /** Returns the text for an item. */
  String text(Map<String, Object> fields) {
    StringBuilder text = new StringBuilder();
    for (Object part : parts) {
      Object value = part instanceof Expression expression ? evaluate(expression, fields) : part;
      text.append(Operations.asText(value));
    }
    return text.toString();
  }

  /** Returns the value of a template that is one expression, or else the text. */
  Object value(Map<String, Object> fields) {
    return parts.size() == 1 && parts.get(0) instanceof Expression expression
        ? evaluate(expression, fields)
        : text(fields);
  }

  private Object evaluate(Expression expression, Map<String, Object> fields) {
    try {
      return expression.value(fields);
    } catch (PolyLmException e) {
      throw new PolyLmException("the template \"%s\": %s".formatted(source, e.getMessage()), e);
    }
  }
}

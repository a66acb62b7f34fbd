package dev.polylm.export.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A chat template in one spelling. Two templates that differ only in names, quotes and blanks
 * become equal. Blanks around tags follow transformers, which sets Jinja's {@code trim_blocks} and
 * {@code lstrip_blocks}.
 */
final class TemplateParts {
  private static final Pattern TAG =
      Pattern.compile("\\{([{%#])(-?)(.*?)(-?)([}%#])\\}", Pattern.DOTALL);
  private static final Pattern STRING = Pattern.compile("'((?:[^'\\\\]|\\\\.)*+)'");
  private static final Pattern LOOP = Pattern.compile("for (\\w+) in messages");
  private static final Pattern MEMBER = Pattern.compile("\\b(message)\\.(role|content)\\b");

  private final StringBuilder result = new StringBuilder();
  private String variable = "message";

  private TemplateParts() {}

  static String canonical(String template) {
    TemplateParts parts = new TemplateParts();
    parts.read(template.stripTrailing());
    return parts.result.toString();
  }

  private void read(String template) {
    Matcher tag = TAG.matcher(template);
    int end = 0;
    boolean afterBlock = false;
    boolean stripped = false;
    while (tag.find()) {
      boolean block = !tag.group(1).equals("{");
      String text = template.substring(end, tag.start());
      addText(text, afterBlock, stripped, block, !tag.group(2).isEmpty());
      if (tag.group(1).equals("%")) {
        result.append("{%").append(expression(statement(tag.group(3)))).append("%}");
      } else if (!block) {
        addPrinted(tag.group(3));
      }
      end = tag.end();
      afterBlock = block;
      stripped = !tag.group(4).isEmpty();
    }
    addText(template.substring(end), afterBlock, stripped, false, false);
  }

  private void addText(
      String text, boolean afterBlock, boolean stripLeft, boolean beforeBlock, boolean stripRight) {
    String shown = afterBlock && text.startsWith("\n") ? text.substring(1) : text;
    shown = stripLeft ? shown.stripLeading() : shown;
    if (stripRight) {
      shown = shown.stripTrailing();
    } else if (beforeBlock) {
      int line = shown.lastIndexOf('\n') + 1;
      shown = shown.substring(line).isBlank() ? shown.substring(0, line) : shown;
    }
    result.append(shown);
  }

  /** Returns what is printed, with literal text as if it stood in the template. */
  private void addPrinted(String expression) {
    for (String term : terms(expression)) {
      Matcher literal = STRING.matcher(quoted(term));
      if (literal.matches()) {
        result.append(unescaped(literal.group(1)));
      } else {
        result.append("{{").append(expression(term)).append("}}");
      }
    }
  }

  /** Cuts at each {@code +} and {@code ~} outside strings and brackets. */
  private static List<String> terms(String expression) {
    List<String> terms = new ArrayList<>();
    int depth = 0;
    char quote = 0;
    int start = 0;
    for (int i = 0; i < expression.length(); i++) {
      char c = expression.charAt(i);
      if (quote != 0) {
        quote = c == quote && expression.charAt(i - 1) != '\\' ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        depth--;
      } else if (depth == 0 && (c == '+' || c == '~')) {
        terms.add(expression.substring(start, i));
        start = i + 1;
      }
    }
    terms.add(expression.substring(start));
    return terms.stream().map(String::strip).toList();
  }

  /** Remembers the name that the loop over messages gives a message. */
  private String statement(String statement) {
    Matcher loop = LOOP.matcher(statement.strip());
    if (loop.matches()) {
      variable = loop.group(1);
    }
    return statement;
  }

  private String expression(String expression) {
    String named = quoted(expression).replaceAll("\\b" + variable + "\\b", "message");
    String members = MEMBER.matcher(named).replaceAll("$1['$2']");
    return members.strip().replaceAll("\\s+", " ").replaceAll(" ?(==|\\||[\\[\\](),]) ?", "$1");
  }

  private static String quoted(String expression) {
    return expression.contains("'") ? expression : expression.replace('"', '\'');
  }

  private static String unescaped(String literal) {
    return literal.replace("\\n", "\n").replace("\\'", "'").replace("\\\\", "\\");
  }
}

package dev.polylm.internal.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.internal.constraint.ConstraintCompiler;
import dev.polylm.internal.constraint.grammar.Grammar;
import dev.polylm.internal.constraint.grammar.Rule;
import dev.polylm.internal.constraint.schema.SchemaCompiler;
import dev.polylm.internal.constraint.term.Spelling;
import dev.polylm.internal.constraint.term.Term;
import java.util.stream.Collectors;

/** The grammar of an answer that may call tools. It has no white space but inside arguments. */
final class ToolConstraint {
  private static final JsonNode ANY_TEXT =
      JsonNodeFactory.instance.objectNode().put("type", "string");

  private final Grammar grammar;
  private final Spelling spelling;

  private ToolConstraint(Grammar grammar) {
    this.grammar = grammar;
    this.spelling = Spelling.plain(grammar.terms());
  }

  static Constraint of(ToolUse use) {
    String names = use.tools().stream().map(Tool::name).collect(Collectors.joining(", "));
    // Without its description a tool is described by its name and parameters.
    String key =
        "tools %s %s %s %s"
            .formatted(
                use.required(),
                use.parallel(),
                use.response(),
                use.tools().stream()
                    .map(tool -> tool.name() + "\n" + tool.parameters())
                    .collect(Collectors.joining("\n")));
    return ConstraintCompiler.rules(
        key, "tools " + names, grammar -> new ToolConstraint(grammar).answer(use));
  }

  private Term text(String text) {
    return spelling.text(text);
  }

  private Rule answer(ToolUse use) {
    Rule answer = grammar.rule("answer");
    Rule call = call(use);
    Rule more = grammar.rule("more");
    grammar.add(more);
    if (use.parallel()) {
      grammar.add(more, text(","), call, more);
    }
    grammar.add(answer, text(ToolAnswer.CALLS), call, more, text("]}"));
    if (!use.required()) {
      JsonNode response = use.response() == null ? ANY_TEXT : use.response();
      grammar.add(answer, text(ToolAnswer.RESPONSE), value("the response", response), text("}"));
    }
    return answer;
  }

  private Rule call(ToolUse use) {
    Rule call = grammar.rule("call");
    for (Tool tool : use.tools()) {
      Rule arguments = value("the tool " + tool.name(), tool.parameters());
      grammar.add(
          call, text(ToolAnswer.NAME + tool.name() + ToolAnswer.ARGUMENTS), arguments, text("}"));
    }
    return call;
  }

  private Rule value(String whose, JsonNode schema) {
    try {
      return SchemaCompiler.compile(grammar, schema);
    } catch (PolyLmException e) {
      throw new PolyLmException("%s: %s".formatted(whose, e.getMessage()), e);
    }
  }
}

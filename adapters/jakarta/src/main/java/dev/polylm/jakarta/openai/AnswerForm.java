package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.internal.tool.ToolUse;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The form that a request wants its answers in.
 *
 * @param constraint the form, or null for any text
 * @param tools what the model may call, or null for nothing
 */
record AnswerForm(@Nullable Constraint constraint, @Nullable ToolUse tools) {

  /** Reads what a request for a reply to a conversation asks for. */
  static AnswerForm ofChat(Fields request) {
    Optional<AskedForm> asked = AskedForm.of(request);
    JsonNode schema = asked.isPresent() ? asked.get().schema() : null;
    ToolUse tools = ToolFields.read(request, schema).orElse(null);
    if (tools == null) {
      return compiled(asked);
    }
    if (asked.isPresent() && schema == null) {
      String field = asked.get().field();
      throw ApiException.badRequest(
          field,
          "%s is set, and so are tools; only a JSON schema can stand beside tools."
              .formatted(field));
    }
    return new AnswerForm(compile("tools", tools::constraint), tools);
  }

  /** Reads what a request for a continuation of prompts asks for. */
  static AnswerForm ofCompletion(Fields request) {
    return compiled(AskedForm.of(request));
  }

  private static AnswerForm compiled(Optional<AskedForm> asked) {
    return new AnswerForm(
        asked.map(form -> compile(form.field(), form.constraint())).orElse(null), null);
  }

  private static Constraint compile(String field, Supplier<Constraint> constraint) {
    try {
      return constraint.get();
    } catch (PolyLmException e) {
      throw ApiException.badRequest(field, "%s: %s".formatted(field, SettingsFields.sentence(e)));
    }
  }
}

package dev.polylm.springai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.constraint.UnfinishedAnswerException;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.chat.WholeJson;
import dev.polylm.internal.tool.Tool;
import dev.polylm.internal.tool.ToolUse;
import dev.polylm.internal.untrusted.JsonProblem;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.tool.definition.ToolDefinition;

/**
 * The form that a prompt's options want the answer in.
 *
 * @param tools what the model may call, or null for nothing
 * @param constraint the form, or null for any text
 * @param json whether an answer that calls no tool is JSON
 */
record AnswerForm(@Nullable ToolUse tools, @Nullable Constraint constraint, boolean json) {
  private static final WholeJson WHOLE_JSON = new WholeJson("maxTokens", "max_time");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * Reads options.
   *
   * @throws PolyLmException if a schema can't be enforced
   */
  static AnswerForm of(@Nullable ChatOptions options, ToolCallingManager manager) {
    String schema =
        options instanceof StructuredOutputChatOptions structured
            ? structured.getOutputSchema()
            : null;
    List<ToolDefinition> offered =
        options instanceof ToolCallingChatOptions calling
            ? manager.resolveToolDefinitions(calling)
            : List.of();
    if (offered.isEmpty()) {
      return new AnswerForm(
          null, schema == null ? null : Constraint.jsonSchema(schema), schema != null);
    }
    List<Tool> tools = offered.stream().map(AnswerForm::tool).toList();
    JsonNode response = schema == null ? null : json("the output schema", schema);
    ToolUse use = new ToolUse(tools, false, true, response);
    return new AnswerForm(use, use.constraint(), schema != null);
  }

  /**
   * Checks that JSON is whole.
   *
   * @param text the answer without calls of tools
   * @throws UnfinishedAnswerException if it was cut; the message says what to set
   */
  void checkWhole(String text, GenerationResult result) {
    if (json) {
      WHOLE_JSON.check(text, result);
    }
  }

  private static Tool tool(ToolDefinition tool) {
    JsonNode parameters =
        json("the tool %s's input schema".formatted(tool.name()), tool.inputSchema());
    return new Tool(tool.name(), tool.description(), parameters);
  }

  private static JsonNode json(String what, String schema) {
    try {
      JsonNode read = JSON.readTree(schema);
      if (read.isMissingNode()) {
        throw new PolyLmException("%s is no JSON: it is empty".formatted(what));
      }
      return read;
    } catch (JsonProcessingException e) {
      throw new PolyLmException("%s is no JSON: %s".formatted(what, JsonProblem.of(e)), e);
    }
  }
}

package dev.polylm.langchain4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.polylm.constraint.Constraint;
import dev.polylm.constraint.UnfinishedAnswerException;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.chat.WholeJson;
import dev.polylm.internal.tool.ClosedSchema;
import dev.polylm.internal.tool.Tool;
import dev.polylm.internal.tool.ToolAnswer;
import dev.polylm.internal.tool.ToolUse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form that a request wants its answer in.
 *
 * @param tools what the model may call, or null for nothing
 * @param constraint the form, or null for any text
 * @param json whether an answer that calls no tool is JSON
 */
record AnswerForm(@Nullable ToolUse tools, @Nullable Constraint constraint, boolean json) {
  private static final WholeJson WHOLE_JSON = new WholeJson("maxOutputTokens", "deadline");
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads parameters.
   *
   * @throws InvalidRequestException if a schema can't be enforced
   */
  static AnswerForm of(ChatRequestParameters parameters) {
    return Refusals.translating(
        () -> {
          JsonNode schema = schema(parameters.responseFormat());
          List<ToolSpecification> offered = parameters.toolSpecifications();
          ToolChoice choice = parameters.toolChoice();
          if (offered == null || offered.isEmpty() || choice == ToolChoice.NONE) {
            return new AnswerForm(
                null, schema == null ? null : Constraint.jsonSchema(schema), schema != null);
          }
          List<Tool> tools = offered.stream().map(AnswerForm::tool).toList();
          ToolUse use = new ToolUse(tools, choice == ToolChoice.REQUIRED, true, schema);
          return new AnswerForm(use, use.constraint(), schema != null);
        });
  }

  /**
   * Checks that JSON is whole.
   *
   * @param parts the calls and the text of the answer, or null if no tools were offered
   * @throws UnfinishedAnswerException if it was cut; the message says what to set
   */
  void checkWhole(GenerationResult result, @Nullable ToolAnswer parts) {
    if (json && (parts == null || parts.calls().isEmpty())) {
      WHOLE_JSON.check(parts == null ? result.text() : parts.text(), result);
    }
  }

  private static Tool tool(ToolSpecification tool) {
    JsonNode parameters =
        tool.parameters() == null
            ? json(JsonObjectSchema.builder().build())
            : json(tool.parameters());
    return new Tool(tool.name(), tool.description(), parameters);
  }

  private static @Nullable JsonNode schema(@Nullable ResponseFormat format) {
    if (format == null || format.type() != ResponseFormatType.JSON) {
      return null;
    }
    if (format.jsonSchema() == null) {
      return JsonNodeFactory.instance.objectNode().put("type", "object");
    }
    JsonSchemaElement root = format.jsonSchema().rootElement();
    return root instanceof JsonRawSchema ? json(root) : ClosedSchema.of(json(root));
  }

  private static JsonNode json(JsonSchemaElement element) {
    return JSON.valueToTree(JsonSchemaElementUtils.toMap(element));
  }
}

package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.internal.tool.ToolAnswer;
import dev.polylm.internal.tool.ToolCall;
import dev.polylm.internal.tool.ToolUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes replies to a conversation in the form of the Responses API: one message or calls of tools,
 * and their events.
 */
final class ResponseJson extends AnswerJson {
  private final @Nullable ToolUse tools;
  private final @Nullable ToolAnswer parts; // of the stream so far, if with tools
  private final List<ObjectNode> partEvents = new ArrayList<>(); // of the piece that is being read

  private static final String IN_PROGRESS = "in_progress";
  private static final String COMPLETED = "completed";

  private final String messageId = "msg_" + id.substring(id.indexOf('_') + 1);
  private final StringBuilder text = new StringBuilder(); // of the stream so far
  private @Nullable Choice ended; // of the stream
  private boolean messageOpen; // in the stream
  private int events;

  ResponseJson(Task task) {
    super(task, "resp_");
    this.tools = task.answer().tools();
    this.parts = tools == null ? null : new ToolAnswer(tools, new Parts());
  }

  @Override
  ObjectNode whole(List<Choice> choices, Usage usage) {
    Choice choice = choices.get(0);
    String answer = choice.text(task);
    return tools == null
        ? whole(choice, answer, List.of(), usage)
        : whole(choice, ToolAnswer.of(tools, answer), usage);
  }

  private ObjectNode whole(Choice choice, ToolAnswer answer, Usage usage) {
    return whole(choice, answer.text(), answer.calls(), usage);
  }

  private ObjectNode whole(Choice choice, String answer, List<ToolCall> calls, Usage usage) {
    boolean complete = choice.finishReason().equals("stop");
    ObjectNode response = response(complete ? COMPLETED : "incomplete");
    if (!complete) {
      response.putObject("incomplete_details").put("reason", "max_output_tokens");
    }
    ArrayNode output = response.withArray("output");
    calls.forEach(call -> output.add(ResponseTools.json(call, COMPLETED)));
    if (calls.isEmpty()) {
      output.add(message(COMPLETED, answer));
    }
    response.set("usage", usage.toResponseJson());
    return response;
  }

  private ObjectNode response(String status) {
    ObjectNode response =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", id)
            .put("object", "response")
            .put("created_at", created)
            .put("status", status)
            .put("model", model)
            .putNull("error")
            .putNull("incomplete_details")
            .putNull("instructions")
            .put("max_output_tokens", task.maxTokens())
            .put("parallel_tool_calls", tools != null && tools.parallel())
            .putNull("previous_response_id")
            .put("store", false)
            .put("tool_choice", tools == null ? "none" : tools.required() ? "required" : "auto")
            .put("truncation", "disabled")
            .put("temperature", task.config().temperature())
            .put("top_p", task.config().topP());
    response.putObject("metadata");
    ArrayNode offered = response.putArray("tools");
    if (tools != null) {
      tools.tools().forEach(tool -> offered.add(ResponseTools.json(tool)));
    }
    if (task.answer().constraint() == null) {
      response.putObject("text").putObject("format").put("type", "text");
    }
    response.putArray("output");
    return response;
  }

  private ObjectNode message(String status, String content) {
    ObjectNode message = emptyMessage(status);
    message.withArray("content").add(part(content));
    return message;
  }

  private ObjectNode emptyMessage(String status) {
    ObjectNode message =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", messageId)
            .put("type", "message")
            .put("role", "assistant")
            .put("status", status);
    message.putArray("content");
    return message;
  }

  private static ObjectNode part(String content) {
    ObjectNode part =
        JsonNodeFactory.instance.objectNode().put("type", "output_text").put("text", content);
    part.putArray("annotations");
    part.putArray("logprobs");
    return part;
  }

  @Override
  List<ObjectNode> opening() {
    List<ObjectNode> list = new ArrayList<>();
    list.add(event("response.created").set("response", response(IN_PROGRESS)));
    list.add(event("response.in_progress").set("response", response(IN_PROGRESS)));
    if (tools == null) {
      openMessage(list);
    }
    return list;
  }

  private void openMessage(List<ObjectNode> list) {
    messageOpen = true;
    list.add(inOutput("response.output_item.added", 0).set("item", emptyMessage(IN_PROGRESS)));
    list.add(inContent("response.content_part.added").set("part", part("")));
  }

  @Override
  List<ObjectNode> piece(int index, String piece) {
    if (parts == null) {
      return List.of(textDelta(piece));
    }
    partEvents.clear();
    parts.read(piece);
    return List.copyOf(partEvents);
  }

  private ObjectNode textDelta(String piece) {
    text.append(piece);
    ObjectNode delta = inContent("response.output_text.delta").put("delta", piece);
    delta.putArray("logprobs");
    return delta;
  }

  /** Passes on the parts of an answer that may call tools. */
  private final class Parts implements ToolAnswer.Listener {
    @Override
    public void text(String piece) {
      if (!messageOpen) {
        openMessage(partEvents);
      }
      partEvents.add(textDelta(piece));
    }

    @Override
    public void arguments(int index, ToolCall call, String piece) {
      if (call.arguments().equals(piece)) {
        ToolCall begun = new ToolCall(call.id(), call.name(), "");
        partEvents.add(
            inOutput("response.output_item.added", index)
                .set("item", ResponseTools.json(begun, IN_PROGRESS)));
      }
      partEvents.add(
          inOutput("response.function_call_arguments.delta", index)
              .put("item_id", ResponseTools.itemId(call))
              .put("delta", piece));
    }

    @Override
    public void complete(int index, ToolCall call) {
      partEvents.add(
          inOutput("response.function_call_arguments.done", index)
              .put("item_id", ResponseTools.itemId(call))
              .put("name", call.name())
              .put("arguments", call.arguments()));
      partEvents.add(
          inOutput("response.output_item.done", index)
              .set("item", ResponseTools.json(call, COMPLETED)));
    }
  }

  @Override
  List<ObjectNode> end(Choice choice) {
    ended = choice;
    if (parts != null && !parts.calls().isEmpty()) {
      return List.of();
    }
    List<ObjectNode> list = new ArrayList<>();
    if (!messageOpen) {
      openMessage(list);
    }
    ObjectNode whole = inContent("response.output_text.done").put("text", text.toString());
    whole.putArray("logprobs");
    list.add(whole);
    list.add(inContent("response.content_part.done").set("part", part(text.toString())));
    list.add(
        inOutput("response.output_item.done", 0).set("item", message(COMPLETED, text.toString())));
    return list;
  }

  /** The last event holds the whole response. */
  @Override
  List<ObjectNode> closing(Usage usage) {
    Choice choice = Objects.requireNonNull(ended);
    ObjectNode response =
        parts == null
            ? whole(choice, text.toString(), List.of(), usage)
            : whole(choice, parts, usage);
    return List.of(event("response." + response.path("status").asText()).set("response", response));
  }

  @Override
  boolean endsWithMark() {
    return false;
  }

  private ObjectNode event(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type).put("sequence_number", events++);
  }

  private ObjectNode inOutput(String type, int index) {
    return event(type).put("output_index", index);
  }

  private ObjectNode inContent(String type) {
    return inOutput(type, 0).put("content_index", 0).put("item_id", messageId);
  }
}

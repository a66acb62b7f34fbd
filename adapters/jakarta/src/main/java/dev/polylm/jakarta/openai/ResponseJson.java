package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes replies to a conversation in the form of the Responses API: one message, and its events.
 */
final class ResponseJson extends AnswerJson {
  private final String messageId = "msg_" + id.substring(id.indexOf('_') + 1);
  private final StringBuilder text = new StringBuilder(); // of the stream so far
  private @Nullable Choice ended; // of the stream
  private int events;

  ResponseJson(Task task) {
    super(task, "resp_");
  }

  @Override
  ObjectNode whole(List<Choice> choices, Usage usage) {
    return whole(choices.get(0), usage);
  }

  private ObjectNode whole(Choice choice, Usage usage) {
    boolean complete = choice.finishReason().equals("stop");
    ObjectNode response = response(complete ? "completed" : "incomplete");
    if (!complete) {
      response.putObject("incomplete_details").put("reason", "max_output_tokens");
    }
    response.withArray("output").add(message(choice));
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
            .put("parallel_tool_calls", false)
            .putNull("previous_response_id")
            .put("store", false)
            .put("tool_choice", "none")
            .put("truncation", "disabled")
            .put("temperature", task.config().temperature())
            .put("top_p", task.config().topP());
    response.putObject("metadata");
    response.putArray("tools");
    response.putObject("text").putObject("format").put("type", "text");
    response.putArray("output");
    return response;
  }

  private ObjectNode message(Choice choice) {
    return message("completed", choice.text(task));
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
    return List.of(
        event("response.created").set("response", response("in_progress")),
        event("response.in_progress").set("response", response("in_progress")),
        inOutput("response.output_item.added").set("item", emptyMessage("in_progress")),
        inContent("response.content_part.added").set("part", part("")));
  }

  @Override
  List<ObjectNode> piece(int index, String piece) {
    text.append(piece);
    ObjectNode delta = inContent("response.output_text.delta").put("delta", piece);
    delta.putArray("logprobs");
    return List.of(delta);
  }

  @Override
  List<ObjectNode> end(Choice choice) {
    ended = choice;
    ObjectNode whole = inContent("response.output_text.done").put("text", text.toString());
    whole.putArray("logprobs");
    List<ObjectNode> list = new ArrayList<>();
    list.add(whole);
    list.add(inContent("response.content_part.done").set("part", part(text.toString())));
    list.add(
        inOutput("response.output_item.done").set("item", message("completed", text.toString())));
    return list;
  }

  /** The last event holds the whole response. */
  @Override
  List<ObjectNode> closing(Usage usage) {
    ObjectNode response = whole(Objects.requireNonNull(ended), usage);
    return List.of(event("response." + response.path("status").asText()).set("response", response));
  }

  @Override
  boolean endsWithMark() {
    return false;
  }

  private ObjectNode event(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type).put("sequence_number", events++);
  }

  private ObjectNode inOutput(String type) {
    return event(type).put("output_index", 0);
  }

  private ObjectNode inContent(String type) {
    return inOutput(type).put("content_index", 0).put("item_id", messageId);
  }
}

package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.internal.tool.ToolAnswer;
import dev.polylm.internal.tool.ToolCall;
import dev.polylm.internal.tool.ToolUse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes replies to a conversation. */
final class ChatJson extends ChoicesJson {
  private final Map<Integer, StreamedReply> streamed = new HashMap<>(); // by index, if with tools

  ChatJson(Task task) {
    super(task, "chatcmpl-");
  }

  @Override
  String wholeObject() {
    return "chat.completion";
  }

  @Override
  String chunkObject() {
    return "chat.completion.chunk";
  }

  @Override
  ObjectNode choice(Choice choice) {
    ToolUse tools = task.answer().tools();
    ToolAnswer parts = tools == null ? null : ToolAnswer.of(tools, choice.text(task));
    List<ToolCall> calls = parts == null ? List.of() : parts.calls();
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("index", choice.index());
    ObjectNode message =
        json.putObject("message")
            .put("role", "assistant")
            .put(
                "content",
                parts == null ? choice.text(task) : calls.isEmpty() ? parts.text() : null)
            .putNull("refusal");
    if (!calls.isEmpty()) {
      ArrayNode list = message.putArray("tool_calls");
      calls.forEach(call -> list.add(call(call, call.arguments())));
    }
    json.set("logprobs", logprobs(choice));
    return json.put("finish_reason", finishReason(choice, calls));
  }

  private static ObjectNode call(ToolCall call, String arguments) {
    ObjectNode json =
        JsonNodeFactory.instance.objectNode().put("id", call.id()).put("type", "function");
    json.putObject("function").put("name", call.name()).put("arguments", arguments);
    return json;
  }

  private static String finishReason(Choice choice, List<ToolCall> calls) {
    String reason = choice.finishReason();
    return reason.equals("stop") && !calls.isEmpty() ? "tool_calls" : reason;
  }

  private @Nullable ObjectNode logprobs(Choice choice) {
    return task.logprobs().isPresent() ? new ChatLogprobs(task).of(choice) : null;
  }

  @Override
  List<ObjectNode> openingChoices() {
    String content = task.answer().tools() == null ? "" : null;
    return IntStream.range(0, task.n())
        .mapToObj(
            index -> {
              ObjectNode delta = JsonNodeFactory.instance.objectNode();
              return delta(index, delta.put("role", "assistant").put("content", content));
            })
        .toList();
  }

  @Override
  List<ObjectNode> pieceChoices(int index, String text) {
    ToolUse tools = task.answer().tools();
    return tools == null
        ? List.of(contentChoice(index, text))
        : streamed.computeIfAbsent(index, i -> new StreamedReply(i, tools)).read(text);
  }

  private static ObjectNode contentChoice(int index, String text) {
    return delta(index, JsonNodeFactory.instance.objectNode().put("content", text));
  }

  @Override
  ObjectNode endChoice(Choice choice) {
    StreamedReply reply = streamed.get(choice.index());
    ObjectNode json = delta(choice.index(), JsonNodeFactory.instance.objectNode());
    json.set("logprobs", logprobs(choice));
    return json.put(
        "finish_reason", finishReason(choice, reply == null ? List.of() : reply.parts.calls()));
  }

  private static ObjectNode delta(int index, ObjectNode delta) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("index", index);
    json.set("delta", delta);
    json.putNull("logprobs");
    return json.putNull("finish_reason");
  }

  /** A reply that may call tools, read while it is generated. */
  private static final class StreamedReply implements ToolAnswer.Listener {
    private final int index;
    private final ToolAnswer parts;
    private List<ObjectNode> choices = new ArrayList<>(); // of the piece that is being read

    StreamedReply(int index, ToolUse tools) {
      this.index = index;
      this.parts = new ToolAnswer(tools, this);
    }

    List<ObjectNode> read(String piece) {
      choices = new ArrayList<>();
      parts.read(piece);
      return choices;
    }

    @Override
    public void text(String piece) {
      choices.add(contentChoice(index, piece));
    }

    /** The first piece of a call has its id and name, too. */
    @Override
    public void arguments(int place, ToolCall call, String piece) {
      ObjectNode json;
      if (call.arguments().equals(piece)) {
        json = call(call, piece);
      } else {
        json = JsonNodeFactory.instance.objectNode();
        json.putObject("function").put("arguments", piece);
      }
      ObjectNode delta = JsonNodeFactory.instance.objectNode();
      delta.putArray("tool_calls").add(json.put("index", place));
      choices.add(delta(index, delta));
    }

    @Override
    public void complete(int place, ToolCall call) {
      // All of its pieces were sent.
    }
  }
}

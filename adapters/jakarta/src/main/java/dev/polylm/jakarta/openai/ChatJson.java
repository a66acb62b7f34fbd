package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes replies to a conversation. */
final class ChatJson extends ChoicesJson {
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
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("index", choice.index());
    json.putObject("message")
        .put("role", "assistant")
        .put("content", choice.text(task))
        .putNull("refusal");
    json.set("logprobs", logprobs(choice));
    return json.put("finish_reason", choice.finishReason());
  }

  private @Nullable ObjectNode logprobs(Choice choice) {
    return task.logprobs().isPresent() ? new ChatLogprobs(task).of(choice) : null;
  }

  @Override
  List<ObjectNode> openingChoices() {
    return IntStream.range(0, task.n())
        .mapToObj(
            index -> {
              ObjectNode delta = JsonNodeFactory.instance.objectNode();
              return delta(index, delta.put("role", "assistant").put("content", ""));
            })
        .toList();
  }

  @Override
  ObjectNode pieceChoice(int index, String text) {
    return delta(index, JsonNodeFactory.instance.objectNode().put("content", text));
  }

  @Override
  ObjectNode endChoice(Choice choice) {
    ObjectNode json = delta(choice.index(), JsonNodeFactory.instance.objectNode());
    json.set("logprobs", logprobs(choice));
    return json.put("finish_reason", choice.finishReason());
  }

  private static ObjectNode delta(int index, ObjectNode delta) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("index", index);
    json.set("delta", delta);
    json.putNull("logprobs");
    return json.putNull("finish_reason");
  }
}

package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes the texts that continue prompts. */
final class CompletionJson extends ChoicesJson {
  CompletionJson(Task task) {
    super(task, "cmpl-");
  }

  @Override
  String wholeObject() {
    return "text_completion";
  }

  @Override
  String chunkObject() {
    return "text_completion";
  }

  @Override
  ObjectNode choice(Choice choice) {
    String echo = task.echo() ? choice.prompt().text() : "";
    return json(choice.index(), echo + choice.text(task), logprobs(choice), choice.finishReason());
  }

  private @Nullable ObjectNode logprobs(Choice choice) {
    return task.logprobs().isPresent() ? new CompletionLogprobs(task).of(choice) : null;
  }

  @Override
  List<ObjectNode> openingChoices() {
    if (!task.echo()) {
      return List.of();
    }
    return IntStream.range(0, task.prompts().size() * task.n())
        .mapToObj(index -> json(index, task.prompts().get(index / task.n()).text(), null, null))
        .toList();
  }

  @Override
  List<ObjectNode> pieceChoices(int index, String text) {
    return List.of(json(index, text, null, null));
  }

  @Override
  ObjectNode endChoice(Choice choice) {
    return json(choice.index(), "", logprobs(choice), choice.finishReason());
  }

  private static ObjectNode json(
      int index, String text, @Nullable ObjectNode logprobs, @Nullable String finishReason) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("text", text).put("index", index);
    json.set("logprobs", logprobs);
    return json.put("finish_reason", finishReason);
  }
}

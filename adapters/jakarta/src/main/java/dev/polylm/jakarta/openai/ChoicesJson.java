package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Writes an answer as a list of choices, whole or in chunks. */
abstract class ChoicesJson extends AnswerJson {
  ChoicesJson(Task task, String idPrefix) {
    super(task, idPrefix);
  }

  @Override
  ObjectNode whole(List<Choice> choices, Usage usage) {
    ObjectNode answer = envelope(wholeObject());
    ArrayNode list = answer.putArray("choices");
    choices.forEach(choice -> list.add(choice(choice)));
    answer.set("usage", usage.toJson());
    return answer;
  }

  @Override
  List<ObjectNode> opening() {
    return openingChoices().stream().map(this::chunk).toList();
  }

  @Override
  List<ObjectNode> piece(int index, String text) {
    return pieceChoices(index, text).stream().map(this::chunk).toList();
  }

  @Override
  List<ObjectNode> end(Choice choice) {
    return List.of(chunk(endChoice(choice)));
  }

  /** The token counts, if the request wants them. */
  @Override
  List<ObjectNode> closing(Usage usage) {
    if (!task.includeUsage()) {
      return List.of();
    }
    ObjectNode chunk = envelope(chunkObject());
    chunk.putArray("choices");
    chunk.set("usage", usage.toJson());
    return List.of(chunk);
  }

  @Override
  boolean endsWithMark() {
    return true;
  }

  /** Returns a chunk of one choice. */
  private ObjectNode chunk(ObjectNode choice) {
    ObjectNode chunk = envelope(chunkObject());
    chunk.putArray("choices").add(choice);
    if (task.includeUsage()) {
      chunk.putNull("usage");
    }
    return chunk;
  }

  private ObjectNode envelope(String object) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", model);
  }

  abstract String wholeObject();

  abstract String chunkObject();

  abstract ObjectNode choice(Choice choice);

  /** Returns what comes before the first piece of each choice. */
  abstract List<ObjectNode> openingChoices();

  abstract List<ObjectNode> pieceChoices(int index, String text);

  /** Returns what comes after the last piece of a choice. */
  abstract ObjectNode endChoice(Choice choice);
}

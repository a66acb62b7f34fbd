package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** The JSON of an answer, whole or in chunks. */
abstract class AnswerJson {
  final Task task;
  private final String id;
  private final long created = Instant.now().getEpochSecond();
  private final String model;

  AnswerJson(Task task, String idPrefix) {
    this.task = task;
    this.id = idPrefix + UUID.randomUUID().toString().replace("-", "").toLowerCase(Locale.ROOT);
    this.model = task.model().id();
  }

  static AnswerJson of(Task task) {
    return task.chat() ? new ChatJson(task) : new CompletionJson(task);
  }

  /** The answer of a request that is not streamed. */
  ObjectNode whole(List<Choice> choices, Usage usage) {
    ObjectNode answer = envelope(wholeObject());
    ArrayNode list = answer.putArray("choices");
    choices.forEach(choice -> list.add(choice(choice)));
    answer.set("usage", usage.toJson());
    return answer;
  }

  /** The chunk after all others, where the request wants the tokens counted. */
  ObjectNode usageChunk(Usage usage) {
    ObjectNode chunk = envelope(chunkObject());
    chunk.putArray("choices");
    chunk.set("usage", usage.toJson());
    return chunk;
  }

  /** A chunk of one choice. */
  ObjectNode chunk(ObjectNode choice) {
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

  /** What comes before the first piece of each choice. */
  abstract List<ObjectNode> opening();

  abstract ObjectNode piece(int index, String text);

  /** What comes after the last piece of a choice. */
  abstract ObjectNode end(Choice choice);
}

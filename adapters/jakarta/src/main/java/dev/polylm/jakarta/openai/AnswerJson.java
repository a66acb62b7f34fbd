package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Writes an answer as JSON, whole or in chunks. */
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

  /** Returns the answer to a request that is not streamed. */
  ObjectNode whole(List<Choice> choices, Usage usage) {
    ObjectNode answer = envelope(wholeObject());
    ArrayNode list = answer.putArray("choices");
    choices.forEach(choice -> list.add(choice(choice)));
    answer.set("usage", usage.toJson());
    return answer;
  }

  /**
   * Returns the chunk after all others. It holds the token counts and is sent if the request wants
   * them.
   */
  ObjectNode usageChunk(Usage usage) {
    ObjectNode chunk = envelope(chunkObject());
    chunk.putArray("choices");
    chunk.set("usage", usage.toJson());
    return chunk;
  }

  /** Returns a chunk of one choice. */
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

  /** Returns the chunk before the first piece of each choice. */
  abstract List<ObjectNode> opening();

  abstract ObjectNode piece(int index, String text);

  /** Returns the chunk after the last piece of a choice. */
  abstract ObjectNode end(Choice choice);
}

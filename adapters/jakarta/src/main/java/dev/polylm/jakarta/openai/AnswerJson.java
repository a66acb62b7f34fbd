package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** Writes an answer as JSON: whole, or as the events of a stream. */
abstract class AnswerJson {
  final Task task;
  final String id;
  final long created = Instant.now().getEpochSecond();
  final String model;

  AnswerJson(Task task, String idPrefix) {
    this.task = task;
    this.id = idPrefix + UUID.randomUUID().toString().replace("-", "").toLowerCase(Locale.ROOT);
    this.model = task.model().id();
  }

  static AnswerJson of(Task task) {
    return switch (task.form()) {
      case CHAT -> new ChatJson(task);
      case RESPONSE -> new ResponseJson(task);
      case COMPLETION -> new CompletionJson(task);
    };
  }

  /** Returns the answer to a request that is not streamed. */
  abstract ObjectNode whole(List<Choice> choices, Usage usage);

  /** Returns the events before the first piece. */
  abstract List<ObjectNode> opening();

  abstract List<ObjectNode> piece(int index, String text);

  /** Returns the events after the last piece of a choice. */
  abstract List<ObjectNode> end(Choice choice);

  /** Returns the events after all choices. */
  abstract List<ObjectNode> closing(Usage usage);

  /** Returns whether a mark follows the last event. */
  abstract boolean endsWithMark();
}

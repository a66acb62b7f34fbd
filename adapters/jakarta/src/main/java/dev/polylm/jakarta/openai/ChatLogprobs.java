package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.logits.TokenLogProbability;
import dev.polylm.tokenizer.Tokenizer;
import java.util.List;
import java.util.Objects;

/**
 * Writes the log-probabilities of a reply, in the form of chat completions: an entry for each id,
 * including the id that ends the reply.
 */
final class ChatLogprobs {
  private final Task task;

  ChatLogprobs(Task task) {
    this.task = task;
  }

  ObjectNode of(Choice choice) {
    GeneratedSequence sequence = Objects.requireNonNull(choice.sequence());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode content = json.putArray("content");
    for (int i = 0; i < sequence.ids().length; i++) {
      int id = sequence.ids()[i];
      ObjectNode token = token(id, sequence.tokenLogprobs()[i]);
      ObjectNode chosen = token.deepCopy();
      ArrayNode top = token.putArray("top_logprobs");
      if (!sequence.topLogprobs().isEmpty()) {
        addTop(top, sequence.topLogprobs().get(i), chosen, id);
      }
      content.add(token);
    }
    return json.putNull("refusal");
  }

  /** Adds the most likely ids, and the chosen id if it is not one of them. */
  private void addTop(
      ArrayNode top, List<TokenLogProbability> likeliest, ObjectNode chosen, int id) {
    likeliest.forEach(one -> top.add(token(one.id(), one.logProbability())));
    if (likeliest.stream().noneMatch(one -> one.id() == id)) {
      top.add(chosen);
    }
  }

  /** A special token has no bytes. This distinguishes it from a text that looks like it. */
  private ObjectNode token(int id, float logprob) {
    Tokenizer tokenizer = task.polyLm().tokenizer();
    byte[] bytes = tokenizer.bytes(id);
    ObjectNode token =
        JsonNodeFactory.instance
            .objectNode()
            .put("token", TokenSpelling.of(tokenizer, id))
            .put("logprob", finite(logprob));
    if (bytes.length == 0) {
      return token.putNull("bytes");
    }
    ArrayNode numbers = token.putArray("bytes");
    for (byte one : bytes) {
      numbers.add(one & 0xff);
    }
    return token;
  }

  /** JSON has no infinity. OpenAI's API uses -9999 for the nearly impossible. */
  static float finite(float logprob) {
    return Math.max(logprob, -9999f);
  }
}

package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.logits.TokenLogProbability;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The log-probabilities of a reply, in the form of chat completions. */
final class ChatLogprobs {
  private final Task task;

  ChatLogprobs(Task task) {
    this.task = task;
  }

  ObjectNode of(Choice choice) {
    GeneratedSequence sequence = Objects.requireNonNull(choice.sequence());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode content = json.putArray("content");
    ShownTokens shown = ShownTokens.of(task, choice, sequence);
    for (int i = shown.from(); i < shown.to(); i++) {
      ObjectNode token = token(sequence.ids()[i], sequence.tokenLogprobs()[i]);
      ArrayNode top = token.putArray("top_logprobs");
      if (!sequence.topLogprobs().isEmpty()) {
        for (TokenLogProbability one : sequence.topLogprobs().get(i)) {
          top.add(token(one.id(), one.logProbability()));
        }
      }
      content.add(token);
    }
    return json.putNull("refusal");
  }

  private ObjectNode token(int id, float logprob) {
    byte[] bytes = task.polyLm().tokenizer().bytes(id);
    ObjectNode token =
        JsonNodeFactory.instance
            .objectNode()
            .put("token", new String(bytes, StandardCharsets.UTF_8))
            .put("logprob", finite(logprob));
    ArrayNode numbers = token.putArray("bytes");
    for (byte one : bytes) {
      numbers.add(one & 0xff);
    }
    return token;
  }

  /** JSON has no infinity; OpenAI's API says -9999 for what is as good as impossible. */
  static float finite(float logprob) {
    return Math.max(logprob, -9999f);
  }
}

package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.sampling.TokenLogProbability;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log-probabilities of a text, in the form of completions: lists with an entry each token. */
final class CompletionLogprobs {
  private final Task task;
  private final ObjectNode json = JsonNodeFactory.instance.objectNode();
  private final ArrayNode tokens = json.putArray("tokens");
  private final ArrayNode tokenLogprobs = json.putArray("token_logprobs");
  private final ArrayNode topLogprobs = json.putArray("top_logprobs");
  private final ArrayNode textOffset = json.putArray("text_offset");

  CompletionLogprobs(Task task) {
    this.task = task;
  }

  ObjectNode of(Choice choice) {
    int offset = 0;
    GeneratedSequence sequence = choice.sequence();
    if (sequence != null) {
      ShownTokens shown = ShownTokens.of(task, choice, sequence);
      List<List<TokenLogProbability>> top = sequence.topLogprobs();
      for (int i = shown.from(); i < shown.to(); i++) {
        offset +=
            add(
                sequence.ids()[i],
                sequence.tokenLogprobs()[i],
                top.isEmpty() ? List.of() : top.get(i),
                offset);
      }
    }
    return json;
  }

  /** Adds a token and returns how long its text is. */
  private int add(int id, @Nullable Float logprob, List<TokenLogProbability> top, int offset) {
    String text = text(id);
    tokens.add(text);
    textOffset.add(offset);
    if (logprob == null) {
      tokenLogprobs.addNull();
      topLogprobs.addNull();
    } else {
      tokenLogprobs.add(ChatLogprobs.finite(logprob));
      ObjectNode alternatives = topLogprobs.addObject();
      // Of two ids with the same text the likelier one, which comes first, stays.
      for (TokenLogProbability one : top) {
        String alternative = text(one.id());
        if (!alternatives.has(alternative)) {
          alternatives.put(alternative, ChatLogprobs.finite(one.logProbability()));
        }
      }
    }
    return text.startsWith("bytes:") ? 0 : text.length();
  }

  /** The text of an id; what is no whole character is spelled as OpenAI's API does. */
  private String text(int id) {
    byte[] bytes = task.polyLm().tokenizer().bytes(id);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      StringBuilder text = new StringBuilder("bytes:");
      for (byte one : bytes) {
        text.append("\\x%02x".formatted(one & 0xff));
      }
      return text.toString();
    }
  }
}

package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.logits.TokenLogProbability;
import dev.polylm.scoring.Score;
import dev.polylm.tokenizer.StreamingDecoder;
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
  private final StringBuilder shownText = new StringBuilder(); // the text so far

  CompletionLogprobs(Task task) {
    this.task = task;
  }

  ObjectNode of(Choice choice) {
    StreamingDecoder decoder = task.polyLm().tokenizer().streamingDecoder();
    if (task.echo()) {
      addPrompt(choice, decoder);
    }
    GeneratedSequence sequence = choice.sequence();
    if (sequence != null) {
      ShownTokens shown = ShownTokens.of(task, choice, sequence);
      for (int i = shown.from(); i < shown.to(); i++) {
        add(sequence.ids()[i], sequence.tokenLogprobs()[i], at(sequence.topLogprobs(), i), decoder);
      }
    }
    return json;
  }

  /** The first id has no log-probability: nothing is before it. */
  private void addPrompt(Choice choice, StreamingDecoder decoder) {
    int[] ids = choice.prompt().ids();
    Score score = choice.promptScore();
    add(ids[0], null, List.of(), decoder);
    for (int i = 1; i < ids.length && score != null; i++) {
      add(ids[i], score.tokenLogprobs()[i - 1], at(score.topLogprobs(), i - 1), decoder);
    }
  }

  private static List<TokenLogProbability> at(List<List<TokenLogProbability>> top, int i) {
    return top.isEmpty() ? List.of() : top.get(i);
  }

  private void add(
      int id, @Nullable Float logprob, List<TokenLogProbability> top, StreamingDecoder decoder) {
    tokens.add(text(id));
    textOffset.add(shownText.length());
    shownText.append(decoder.accept(id));
    if (logprob == null) {
      tokenLogprobs.addNull();
      topLogprobs.addNull();
      return;
    }
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

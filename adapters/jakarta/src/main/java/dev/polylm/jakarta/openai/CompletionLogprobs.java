package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.logits.TokenLogProbability;
import dev.polylm.scoring.Score;
import dev.polylm.tokenizer.StreamingDecoder;
import dev.polylm.tokenizer.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the log-probabilities of a text, in the form of completions: lists with an entry for each
 * id.
 */
final class CompletionLogprobs {
  private final Task task;
  private final ObjectNode json = JsonNodeFactory.instance.objectNode();
  private final ArrayNode tokens = json.putArray("tokens");
  private final ArrayNode tokenLogprobs = json.putArray("token_logprobs");
  private final ArrayNode topLogprobs = json.putArray("top_logprobs");
  private final ArrayNode textOffset = json.putArray("text_offset");
  private final Tokenizer tokenizer;
  private int offset; // characters (code points) of the text so far

  CompletionLogprobs(Task task) {
    this.task = task;
    this.tokenizer = task.polyLm().tokenizer();
  }

  ObjectNode of(Choice choice) {
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    if (task.echo()) {
      addPrompt(choice, decoder);
    }
    GeneratedSequence sequence = choice.sequence();
    if (sequence != null) {
      int[] ids = sequence.ids();
      for (int i = 0; i < ids.length; i++) {
        add(ids[i], sequence.tokenLogprobs()[i], at(sequence.topLogprobs(), i), decoder);
      }
    }
    return json;
  }

  /** The first id has no log-probability, since nothing comes before it. */
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
    String token = TokenSpelling.of(tokenizer, id);
    tokens.add(token);
    textOffset.add(offset);
    offset += (int) decoder.accept(id).codePoints().count();
    if (logprob == null) {
      tokenLogprobs.addNull();
      topLogprobs.addNull();
      return;
    }
    tokenLogprobs.add(ChatLogprobs.finite(logprob));
    ObjectNode alternatives = topLogprobs.addObject();
    alternatives.put(token, ChatLogprobs.finite(logprob));
    for (TokenLogProbability one : top) {
      if (one.id() != id) {
        String text = TokenSpelling.of(tokenizer, one.id());
        alternatives.put(
            alternatives.has(text) ? TokenSpelling.unique(one.id()) : text,
            ChatLogprobs.finite(one.logProbability()));
      }
    }
  }
}

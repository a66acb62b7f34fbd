package dev.polylm.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationResult;
import dev.polylm.logits.TokenLogProbability;
import java.util.List;
import java.util.Locale;

/** Writes the answers to a prompt as JSON. */
final class GenerationAnswer {
  private GenerationAnswer() {}

  /**
   * Returns the answers' object. Each list has an entry for each sequence.
   *
   * @param withTexts whether the model has a tokenizer
   */
  static ObjectNode json(GenerationResult result, boolean withTexts) {
    ArrayNode sequences = JsonParts.array();
    ArrayNode texts = JsonParts.array();
    ArrayNode finishReasons = JsonParts.array();
    for (GeneratedSequence sequence : result.sequences()) {
      sequences.add(JsonParts.array(sequence.ids()));
      finishReasons.add(sequence.finishReason().name().toLowerCase(Locale.ROOT));
      if (withTexts) {
        texts.add(sequence.text());
      }
    }
    ObjectNode answer = JsonParts.object();
    answer.set("sequences", sequences);
    if (withTexts) {
      answer.set("texts", texts);
    }
    answer.set("finish_reasons", finishReasons);
    addProbabilities(answer, result);
    return answer;
  }

  /** Each beam has a score; the other values are there if they were asked for. */
  private static void addProbabilities(ObjectNode answer, GenerationResult result) {
    ArrayNode scores = JsonParts.array();
    ArrayNode logprobs = JsonParts.array();
    ArrayNode alternatives = JsonParts.array();
    for (GeneratedSequence sequence : result.sequences()) {
      sequence.score().ifPresent(scores::add);
      logprobs.add(JsonParts.array(sequence.tokenLogprobs()));
      alternatives.add(alternatives(sequence));
    }
    setUnlessEmpty(answer, "sequences_scores", scores);
    setUnlessEmpty(answer, "token_logprobs", logprobs);
    setUnlessEmpty(answer, "top_logprobs", alternatives);
  }

  /** Returns, for each id, the most likely ids in its place, each as [id, log-probability]. */
  private static ArrayNode alternatives(GeneratedSequence sequence) {
    ArrayNode ofIds = JsonParts.array();
    for (List<TokenLogProbability> best : sequence.topLogprobs()) {
      ArrayNode ofId = ofIds.addArray();
      best.forEach(token -> ofId.addArray().add(token.id()).add(token.logProbability()));
    }
    return ofIds;
  }

  private static void setUnlessEmpty(ObjectNode answer, String name, ArrayNode values) {
    boolean some = false;
    for (JsonNode value : values) {
      some |= !value.isArray() || !value.isEmpty();
    }
    if (some) {
      answer.set(name, values);
    }
  }
}

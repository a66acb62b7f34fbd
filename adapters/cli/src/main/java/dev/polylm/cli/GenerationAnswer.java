package dev.polylm.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationResult;
import java.util.Locale;

/** What a prompt was answered with, as JSON. */
final class GenerationAnswer {
  private GenerationAnswer() {}

  /**
   * Makes the answer's object; each list has an entry for each sequence.
   *
   * @param withTexts the model has a tokenizer
   */
  static ObjectNode json(GenerationResult result, boolean withTexts) {
    ArrayNode sequences = JsonValues.array();
    ArrayNode texts = JsonValues.array();
    ArrayNode finishReasons = JsonValues.array();
    for (GeneratedSequence sequence : result.sequences()) {
      sequences.add(JsonValues.array(sequence.ids()));
      finishReasons.add(sequence.finishReason().name().toLowerCase(Locale.ROOT));
      if (withTexts) {
        texts.add(sequence.text());
      }
    }
    ObjectNode answer = JsonValues.object();
    answer.set("sequences", sequences);
    if (withTexts) {
      answer.set("texts", texts);
    }
    answer.set("finish_reasons", finishReasons);
    addProbabilities(answer, result);
    return answer;
  }

  /** Beams have a score each; other sequences the log-probability of each id, where asked for. */
  private static void addProbabilities(ObjectNode answer, GenerationResult result) {
    ArrayNode scores = JsonValues.array();
    ArrayNode logprobs = JsonValues.array();
    for (GeneratedSequence sequence : result.sequences()) {
      sequence.score().ifPresent(scores::add);
      if (sequence.tokenLogprobs().length > 0) {
        logprobs.add(JsonValues.array(sequence.tokenLogprobs()));
      }
    }
    if (!scores.isEmpty()) {
      answer.set("sequences_scores", scores);
    } else if (!logprobs.isEmpty()) {
      answer.set("token_logprobs", logprobs);
    }
  }
}

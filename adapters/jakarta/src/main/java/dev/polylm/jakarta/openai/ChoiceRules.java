package dev.polylm.jakarta.openai;

import dev.polylm.generation.GenerationConfig;

/** Checks the number of answers against the other fields. */
final class ChoiceRules {
  private ChoiceRules() {}

  /**
   * Checks the fields.
   *
   * @param effective all settings in effect
   * @throws ApiException naming the field that contradicts another
   */
  static void check(ChoiceCounts choices, GenerationConfig effective, boolean stream) {
    int beams = effective.numBeams();
    int candidates = choices.candidates();
    if (beams > 1 && candidates > beams) {
      throw ApiException.badRequest(
          choices.bestOf().isPresent() ? "best_of" : "n",
          "%s answers are requested, must be at most num_beams, which is %s."
              .formatted(candidates, beams));
    }
    if (beams == 1 && candidates > 1 && !effective.doSample()) {
      throw ApiException.badRequest(
          "n",
          "%s answers are requested, but without draws there is only one; set a temperature above 0, or num_beams for the best of a beam search."
              .formatted(candidates));
    }
    if (stream && beams == 1 && candidates > choices.n()) {
      throw ApiException.badRequest(
          "best_of",
          "best_of is %s, must be n, which is %s, if stream is true: the best answers are known only at the end."
              .formatted(candidates, choices.n()));
    }
  }
}

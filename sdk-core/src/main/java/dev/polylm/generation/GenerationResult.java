package dev.polylm.generation;

import dev.polylm.scoring.Score;
import java.util.List;
import java.util.Optional;

/**
 * What a prompt was answered with.
 *
 * @param sequences the answers, the best first; numReturnSequences of them, or fewer where so many
 *     beams are not to be found
 * @param promptTokens ids of the prompt
 * @param promptScore how likely the prompt's ids after the first are; empty where the request did
 *     not ask with {@link GenerationRequest#withPromptLogprobs}, or ended before the prompt was
 *     read
 * @param seed what the draws followed from, chosen at random where the request gave none
 * @param draftCounts what prompt lookup did
 * @param timings how long it took
 */
public record GenerationResult(
    List<GeneratedSequence> sequences,
    int promptTokens,
    Optional<Score> promptScore,
    long seed,
    DraftCounts draftCounts,
    Timings timings) {

  public GenerationResult {
    sequences = List.copyOf(sequences);
  }

  /** The text of the best answer. */
  public String text() {
    return sequences.get(0).text();
  }

  /** New ids of all answers together. */
  public int newTokens() {
    return sequences.stream().mapToInt(sequence -> sequence.ids().length).sum();
  }
}

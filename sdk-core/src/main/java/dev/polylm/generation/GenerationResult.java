package dev.polylm.generation;

import dev.polylm.scoring.Score;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a request.
 *
 * <pre>{@code
 * GenerationResult result = polyLm.generate(GenerationRequest.ofPrompt("Hello"));
 * System.out.println(result.text());
 * System.out.println(result.newTokens() + " tokens, " + result.timings().perStep() + " a step");
 * }</pre>
 *
 * @param sequences the answers, the best first: numReturnSequences of them, or fewer if the search
 *     finds fewer
 * @param promptTokens how many ids the prompt has
 * @param cachedTokens how many of these ids the model did not read, because an earlier prompt began
 *     with them
 * @param promptScore the log-probabilities of the prompt's ids after the first; empty if the
 *     request did not ask for them with {@link GenerationRequest#withPromptLogprobs}, or ended
 *     before the prompt was read
 * @param seed the seed of the draws, chosen at random if the request gave none
 * @param draftCounts the counts of guessed ids
 * @param timings how long the generation took
 */
public record GenerationResult(
    List<GeneratedSequence> sequences,
    int promptTokens,
    int cachedTokens,
    Optional<Score> promptScore,
    long seed,
    DraftCounts draftCounts,
    Timings timings) {

  /** Copies the list of sequences. */
  public GenerationResult {
    sequences = List.copyOf(sequences);
  }

  /**
   * Returns the text of the best answer.
   *
   * @throws IllegalStateException if the model takes ids only
   */
  public String text() {
    return sequences.get(0).text();
  }

  /** Returns the number of new ids in all answers together. */
  public int newTokens() {
    return sequences.stream().mapToInt(sequence -> sequence.ids().length).sum();
  }

  /** Returns the sequences and the counts of tokens. */
  @Override
  public String toString() {
    return "GenerationResult[sequences=%s, promptTokens=%s, newTokens=%s]"
        .formatted(sequences, promptTokens, newTokens());
  }
}

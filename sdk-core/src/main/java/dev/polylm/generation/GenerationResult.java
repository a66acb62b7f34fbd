package dev.polylm.generation;

import java.util.List;

/**
 * The answer to a request.
 *
 * <pre>{@code
 * GenerationResult result = polyLm.generate(GenerationRequest.ofPrompt("Hello"));
 * System.out.println(result.text());
 * System.out.println(result.newTokens() + " tokens, " + result.timings().perStep() + " a step");
 * }</pre>
 *
 * @param sequences the answers, the best first; numReturnSequences of them, or fewer if the search
 *     finds fewer
 * @param promptTokens how many ids the prompt has
 * @param seed the seed of the draws, chosen at random if the request gave none
 * @param draftCounts what prompt lookup did
 * @param timings how long it took
 */
public record GenerationResult(
    List<GeneratedSequence> sequences,
    int promptTokens,
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

  /** Returns how many new ids all answers have together. */
  public int newTokens() {
    return sequences.stream().mapToInt(sequence -> sequence.ids().length).sum();
  }

  /** Returns the sequences and the counts of tokens. */
  @Override
  public String toString() {
    return "GenerationResult[sequences=%s, promptTokens=%d, newTokens=%d]"
        .formatted(sequences, promptTokens, newTokens());
  }
}

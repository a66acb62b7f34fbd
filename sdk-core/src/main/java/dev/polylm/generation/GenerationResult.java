package dev.polylm.generation;

import java.util.List;

/**
 * What a prompt was answered with.
 *
 * @param sequences the answers, the best first; numReturnSequences of them
 * @param promptTokens ids of the prompt
 */
public record GenerationResult(List<GeneratedSequence> sequences, int promptTokens) {

  public GenerationResult {
    sequences = List.copyOf(sequences);
  }

  /** The text of the best answer. */
  public String text() {
    return sequences.get(0).text();
  }
}

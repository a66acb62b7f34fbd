package dev.polylm.generation;

import dev.polylm.logits.TokenLogProbability;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One answer to a prompt. Immutable.
 *
 * <pre>{@code
 * GenerationConfig config = GenerationConfig.builder().numBeams(4).numReturnSequences(2).build();
 * GenerationRequest request = GenerationRequest.ofPrompt("Hello").withConfig(config);
 * for (GeneratedSequence sequence : polyLm.generate(request).sequences()) {
 *   System.out.println(sequence.score().orElseThrow() + " " + sequence.text());
 * }
 * }</pre>
 */
public final class GeneratedSequence {
  private final int[] ids;
  private final @Nullable String text;
  private final FinishReason finishReason;
  private final OptionalDouble score;
  private final float[] tokenLogprobs;
  private final List<List<TokenLogProbability>> topLogprobs;
  private final float[] constrainedLogprobs;

  /**
   * Makes an answer from its parts.
   *
   * @param ids the new ids
   * @param text the new ids as text, or null if the model takes ids only
   * @param finishReason why the answer ended
   * @param score beam search's score, empty without beams
   * @param tokenLogprobs the log-probability of each new id, empty if the request did not ask for
   *     it
   * @param topLogprobs the likeliest ids at each new id's position, empty if the request did not
   *     ask for it
   * @param constrainedLogprobs the log-probability of each new id among those that the constraint
   *     allowed, empty if there was no constraint or the request did not ask for it
   */
  public GeneratedSequence(
      int[] ids,
      @Nullable String text,
      FinishReason finishReason,
      OptionalDouble score,
      float[] tokenLogprobs,
      List<List<TokenLogProbability>> topLogprobs,
      float[] constrainedLogprobs) {
    this.ids = ids.clone();
    this.text = text;
    this.finishReason = finishReason;
    this.score = score;
    this.tokenLogprobs = tokenLogprobs.clone();
    this.topLogprobs = List.copyOf(topLogprobs);
    this.constrainedLogprobs = constrainedLogprobs.clone();
  }

  /** Returns the new ids, including the id that ended the sequence. */
  public int[] ids() {
    return ids.clone();
  }

  /**
   * Returns the new ids as text, without special tokens. The text ends at a stop string if there is
   * one.
   *
   * @throws IllegalStateException if the model takes ids only
   */
  public String text() {
    if (text == null) {
      throw new IllegalStateException("the model has no tokenizer: it gives ids only");
    }
    return text;
  }

  /** Returns why the sequence ended. */
  public FinishReason finishReason() {
    return finishReason;
  }

  /**
   * Returns the score of beam search: the sum of the ids' processed log-probabilities, divided by
   * length^lengthPenalty. It is empty without beams, and if the request was cancelled before the
   * first id.
   */
  public OptionalDouble score() {
    return score;
  }

  /**
   * Returns the model's own log-probability of each new id, before any processing. The array is
   * empty if the request did not ask for it.
   */
  public float[] tokenLogprobs() {
    return tokenLogprobs.clone();
  }

  /**
   * Returns the likeliest ids at the position of each new id, the likeliest first, before any
   * processing. The list is empty if the request did not set topLogprobs.
   */
  public List<List<TokenLogProbability>> topLogprobs() {
    return topLogprobs;
  }

  /**
   * Returns the log-probability of each new id among the ids that the constraint allowed there. It
   * is computed from the model's own logits, before any other processing. The array is empty if the
   * request has no constraint or did not ask for log-probabilities.
   */
  public float[] constrainedLogprobs() {
    return constrainedLogprobs.clone();
  }

  /** Returns the text, or the ids if there is no text, and why the sequence ended. */
  @Override
  public String toString() {
    return "GeneratedSequence[%s, tokens=%s, finishReason=%s]"
        .formatted(
            text == null ? "ids=" + Arrays.toString(ids) : "text=" + text,
            ids.length,
            finishReason);
  }
}

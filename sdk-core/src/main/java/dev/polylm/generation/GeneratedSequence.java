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

  /**
   * Makes an answer of its parts.
   *
   * @param ids the new ids
   * @param text the new ids as text, null if the model takes ids only
   * @param finishReason why it ended
   * @param score beam search's score, empty without beams
   * @param tokenLogprobs the log-probability of each new id, empty if the request did not ask
   * @param topLogprobs the likeliest ids in each new id's place, empty if the request did not ask
   */
  public GeneratedSequence(
      int[] ids,
      @Nullable String text,
      FinishReason finishReason,
      OptionalDouble score,
      float[] tokenLogprobs,
      List<List<TokenLogProbability>> topLogprobs) {
    this.ids = ids.clone();
    this.text = text;
    this.finishReason = finishReason;
    this.score = score;
    this.tokenLogprobs = tokenLogprobs.clone();
    this.topLogprobs = List.copyOf(topLogprobs);
  }

  /** The new ids, with the one that ended the sequence. */
  public int[] ids() {
    return ids.clone();
  }

  /**
   * The new ids as text, without special tokens, ended at a stop string.
   *
   * @throws IllegalStateException where the model takes ids only
   */
  public String text() {
    if (text == null) {
      throw new IllegalStateException("the model has no tokenizer: it gives ids only");
    }
    return text;
  }

  /** Why it ended. */
  public FinishReason finishReason() {
    return finishReason;
  }

  /**
   * Beam search's score: the sum of the ids' processed log-probabilities, divided by
   * length^lengthPenalty; empty without beams, and where it was cancelled before the first id.
   */
  public OptionalDouble score() {
    return score;
  }

  /**
   * The model's own log-probability of each new id, before any processing; empty where the request
   * did not ask.
   */
  public float[] tokenLogprobs() {
    return tokenLogprobs.clone();
  }

  /**
   * The likeliest ids in the place of each new id, the likeliest first, before any processing;
   * empty where the request did not ask with topLogprobs.
   */
  public List<List<TokenLogProbability>> topLogprobs() {
    return topLogprobs;
  }

  /** Returns the text, or else the ids, and why the sequence ended. */
  @Override
  public String toString() {
    return "GeneratedSequence[%s, tokens=%d, finishReason=%s]"
        .formatted(
            text == null ? "ids=" + Arrays.toString(ids) : "text=" + text,
            ids.length,
            finishReason);
  }
}

package dev.polylm.scoring;

import dev.polylm.PolyLmException;
import java.util.List;

/**
 * Tells how likely a model finds texts.
 *
 * <pre>{@code
 * try (PolyLm polyLm = PolyLm.open(Path.of("polylm-1.7b-onnx"))) {
 *   Score score = polyLm.score("The capital of France is", " Paris");
 *   System.out.println(score.sum());
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public interface TextScorer {
  /** Returns the log-likelihood of a text after another; see {@link #score(String, List)}. */
  default Score score(String context, String continuation) {
    return score(context, continuation, 0);
  }

  /**
   * Returns the log-likelihood of a text after another; see {@link #score(String, List)}.
   *
   * @param topLogprobs how many of the likeliest ids to return at each position, at least 0
   */
  Score score(String context, String continuation, int topLogprobs);

  /**
   * Returns the log-likelihoods of texts that may follow another. The model reads the shared
   * beginning once.
   *
   * <p>Context and continuation are tokenized as one text, because the model would read them so. An
   * id that spans the border belongs to the continuation.
   *
   * @throws PolyLmException if context or a continuation has no ids, the two together are longer
   *     than the model's context, or the model takes ids only or is closed
   */
  List<Score> score(String context, List<String> continuations);

  /** Returns the log-likelihood of ids that follow others; see {@link #score(int[], List)}. */
  default Score score(int[] contextIds, int[] continuationIds) {
    return score(contextIds, continuationIds, 0);
  }

  /** Returns the log-likelihood of ids after others; see {@link #score(String, String, int)}. */
  Score score(int[] contextIds, int[] continuationIds, int topLogprobs);

  /**
   * Returns the log-likelihoods of ids that may follow others. The model reads the context once.
   *
   * @throws PolyLmException if context or a continuation is empty, the two together are longer than
   *     the model's context, an id is out of range, or the model is closed
   */
  List<Score> score(int[] contextIds, List<int[]> continuations);

  /**
   * Returns which of several texts a prompt most likely continues with. The scores are those of
   * {@link #score(String, List)}: an option may need a space before it.
   *
   * @throws PolyLmException as {@link #score(String, List)}; also if there is no option
   */
  default Choice choose(String prompt, List<String> options) {
    return new Choice(options, score(prompt, options));
  }

  /** Returns the perplexity of a text; see {@link #perplexity(int[])}. */
  double perplexity(String text);

  /** Returns e to the mean negative log-probability of the ids after the first, two or more. */
  double perplexity(int[] ids);

  /** Returns the perplexity of a text of any length; see {@link #perplexity(int[], int)}. */
  double perplexity(String text, int stride);

  /**
   * Returns the perplexity of ids of any length. The model reads the ids in windows as long as its
   * context, each {@code stride} ids after the one before. Every id but the first is scored once,
   * in the first window that contains it.
   *
   * @param stride from 1 to one less than the model's context length; a smaller stride is more
   *     exact but slower
   * @throws PolyLmException if there are fewer than two ids, an id or the stride is out of range,
   *     or the model is closed
   */
  double perplexity(int[] ids, int stride);
}

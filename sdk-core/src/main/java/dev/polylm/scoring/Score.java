package dev.polylm.scoring;

import dev.polylm.logits.TokenLogProbability;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log-likelihood of a continuation of a context. Immutable.
 *
 * <pre>{@code
 * Score score = polyLm.score("The capital of France is", " Paris.");
 * System.out.println(score.sum() + " of the text, " + score.perToken() + " a token");
 * }</pre>
 */
public final class Score {
  private final float[] tokenLogprobs;
  private final double sum;
  private final boolean greedy;
  private final List<List<TokenLogProbability>> topLogprobs;
  private final @Nullable String text;

  /**
   * Makes a score from its parts.
   *
   * @param tokenLogprobs the log-probability of each id of the continuation
   * @param greedy whether each id is the likeliest at its position
   * @param topLogprobs the likeliest ids at each position, empty if the call did not ask for them
   * @param text the continuation as a text, or null if ids were scored
   */
  public Score(
      float[] tokenLogprobs,
      boolean greedy,
      List<List<TokenLogProbability>> topLogprobs,
      @Nullable String text) {
    this.tokenLogprobs = tokenLogprobs.clone();
    this.topLogprobs = List.copyOf(topLogprobs);
    this.greedy = greedy;
    this.text = text;
    double total = 0;
    for (float logprob : tokenLogprobs) {
      total += logprob;
    }
    this.sum = total;
  }

  /** Returns the natural logarithm of the continuation's probability: the sum over its ids. */
  public double sum() {
    return sum;
  }

  /** Returns the log-probability of each id of the continuation, given all ids before it. */
  public float[] tokenLogprobs() {
    return tokenLogprobs.clone();
  }

  /**
   * Returns the likeliest ids at the position of each id of the continuation, the likeliest first.
   * The list is empty if the call did not ask for them.
   */
  public List<List<TokenLogProbability>> topLogprobs() {
    return topLogprobs;
  }

  /** Returns true if greedy decoding of the context would give exactly this continuation. */
  public boolean isGreedy() {
    return greedy;
  }

  /** Returns the sum divided by the number of ids, as XNLI's evaluation of PolyLM does. */
  public double perToken() {
    return sum / tokenLogprobs.length;
  }

  /**
   * Returns the sum divided by the bytes of the continuation in UTF-8.
   *
   * @throws IllegalStateException if ids were scored, not a text
   */
  public double perByte() {
    return sum / text().getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * Returns the sum divided by the characters (code points) of the continuation.
   *
   * @throws IllegalStateException if ids were scored, not a text
   */
  public double perCharacter() {
    String scored = text();
    return sum / scored.codePointCount(0, scored.length());
  }

  private String text() {
    if (text == null) {
      throw new IllegalStateException("ids were scored: the length of their text is not known");
    }
    return text;
  }

  /** Returns the sum and the number of ids, such as {@code Score[sum=-3.25, tokens=4]}. */
  @Override
  public String toString() {
    return "Score[sum=%s, tokens=%s]".formatted(sum, tokenLogprobs.length);
  }
}

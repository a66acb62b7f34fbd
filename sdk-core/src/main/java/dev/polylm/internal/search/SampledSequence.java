package dev.polylm.internal.search;

import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.internal.constraint.mask.State;
import dev.polylm.internal.logits.SeededRandom;
import dev.polylm.internal.logits.TokenBuffer;
import dev.polylm.internal.text.AnswerText;
import dev.polylm.logits.TokenLogProbability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** One answer of a {@link SampleSearch} while it is generated. */
final class SampledSequence {
  final TokenBuffer tokens;
  final SeededRandom random;
  final @Nullable AnswerText text; // null if the model takes ids only
  @Nullable State state; // of the constraint after the ids so far; null if there is none
  private final float[] tokenLogprobs; // one for each new id; empty if they are not wanted
  private final List<List<TokenLogProbability>> topLogprobs = new ArrayList<>();
  private final float[] constrainedLogprobs; // as tokenLogprobs; also empty without a constraint
  boolean closing; // the constraint is completed before the limit
  private @Nullable FinishReason finishReason;

  /**
   * @param logprobs the largest number of log-probabilities, or 0 if they are not wanted
   */
  SampledSequence(
      TokenBuffer tokens,
      SeededRandom random,
      @Nullable AnswerText text,
      @Nullable State state,
      int logprobs) {
    this.tokens = tokens;
    this.random = random;
    this.text = text;
    this.state = state;
    this.tokenLogprobs = new float[logprobs];
    this.constrainedLogprobs = new float[state == null ? 0 : logprobs];
  }

  /** Notes the model's own log-probability of the next id. */
  void note(float logprob, List<TokenLogProbability> alternatives) {
    tokenLogprobs[newTokens()] = logprob;
    if (!alternatives.isEmpty()) {
      topLogprobs.add(alternatives);
    }
  }

  /** Notes the log-probability of the next id among those that the constraint allows. */
  void noteConstrained(float logprob) {
    constrainedLogprobs[newTokens()] = logprob;
  }

  private int newTokens() {
    return tokens.size() - tokens.promptLength();
  }

  /** Ends the sequence, unless it has ended. */
  void finish(FinishReason reason) {
    if (finishReason == null) {
      finishReason = closing ? FinishReason.LENGTH : reason;
    }
  }

  boolean finished() {
    return finishReason != null;
  }

  private float[] cut(float[] logprobs) {
    return Arrays.copyOf(logprobs, Math.min(logprobs.length, newTokens()));
  }

  int lastId() {
    return tokens.get(tokens.size() - 1);
  }

  GeneratedSequence result() {
    int[] newIds = tokens.newIds();
    return new GeneratedSequence(
        newIds,
        text == null ? null : text.text(),
        finishReason == null ? FinishReason.LENGTH : finishReason,
        OptionalDouble.empty(),
        cut(tokenLogprobs),
        topLogprobs,
        cut(constrainedLogprobs));
  }
}

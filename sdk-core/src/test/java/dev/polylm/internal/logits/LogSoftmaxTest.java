package dev.polylm.internal.logits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.polylm.logits.TokenLogProbability;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogSoftmaxTest {
  private static final float NONE = Float.NEGATIVE_INFINITY;

  /** The values are torch.log_softmax's, whose float sum costs it the last bit. */
  @Test
  void agreesWithTorch() {
    float[] logits = {1, 2, 3, NONE};
    assertThat(LogSoftmax.logProbability(logits, 1)).isCloseTo(-1.4076059f, within(2e-7f));
    LogSoftmax.inPlace(logits);
    assertThat(logits)
        .containsExactly(new float[] {-2.407606f, -1.4076059f, -0.40760595f, NONE}, within(3e-7f));
  }

  @Test
  void addsUpToOneForAWholeVocabulary() {
    Random random = new Random(2);
    float[] logits = new float[256_001];
    for (int id = 0; id < logits.length; id++) {
      logits[id] = (float) random.nextGaussian() * 3 + 50;
    }
    LogSoftmax.inPlace(logits);
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    // Every float carries the same rounding of the sum's logarithm, up to half a unit of 1e-6.
    assertThat(sum).isCloseTo(1, within(1e-6));
  }

  @Test
  void passesOnWhatIsNoDistribution() {
    float[] nothing = {NONE, NONE};
    assertThat(LogSoftmax.logProbability(nothing, 0)).isEqualTo(NONE);
    LogSoftmax.inPlace(nothing);
    assertThat(nothing).containsExactly(NONE, NONE);
    float[] nan = {0, Float.NaN};
    LogSoftmax.inPlace(nan);
    assertThat(nan).containsExactly(Float.NaN, Float.NaN);
  }

  @Test
  void listsTheLikeliest() {
    float[] logits = {1, 3, NONE, 3, 2};
    assertThat(TopLogProbabilities.of(logits, 3))
        .containsExactly(
            new TokenLogProbability(1, LogSoftmax.logProbability(logits, 1)),
            new TokenLogProbability(3, LogSoftmax.logProbability(logits, 3)),
            new TokenLogProbability(4, LogSoftmax.logProbability(logits, 4)));
    assertThat(TopLogProbabilities.of(logits, 9)).hasSize(4);
    assertThat(TopLogProbabilities.of(logits, 0)).isEmpty();
    assertThat(TopLogProbabilities.of(new float[] {NONE}, 2)).isEmpty();
    assertThat(logits).containsExactly(1, 3, NONE, 3, 2);
  }

  /** The values are those of UnbatchedClassifierFreeGuidanceLogitsProcessor. */
  @Test
  void guidesAwayFromTheNegativePrompt() {
    float[] negative = {0.5f, -1, 2, 0};
    float[] logits = {1, 2.5f, -0.5f, 0.25f};
    Guidance.combine(logits, negative, 1.5f);
    assertThat(logits)
        .containsExactly(
            new float[] {-1.8101194f, 1.1898808f, -4.810119f, -2.6851194f}, within(1e-6f));
    assertThat(negative).containsExactly(0.5f, -1, 2, 0);
    float[] alone = {1, 2.5f, -0.5f, 0.25f};
    Guidance.combine(alone, negative, 1);
    assertThat(alone)
        .containsExactly(
            new float[] {-1.8208628f, -0.32086283f, -3.3208628f, -2.5708628f}, within(1e-6f));
  }

  @Test
  void guidesRowsOfOneLengthOnly() {
    assertThatThrownBy(() -> Guidance.combine(new float[3], new float[4], 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows have 3 and 4 logits, must have the same number");
  }
}

package dev.polylm.internal.logits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ArgMaxTest {
  private static final float NONE = Float.NEGATIVE_INFINITY;

  @Test
  void takesTheLargestAndTheLowestOfEqualOnes() {
    assertThat(ArgMax.of(new float[] {-3, -1, -2})).isEqualTo(1);
    assertThat(ArgMax.of(new float[] {NONE, 2, 7, 7})).isEqualTo(2);
    assertThat(ArgMax.of(new float[] {-0.0f, 0.0f})).isZero();
    assertThat(ArgMax.of(new float[] {1, Float.POSITIVE_INFINITY, 2})).isEqualTo(1);
    assertThat(ArgMax.of(new float[] {-Float.MAX_VALUE, NONE})).isZero();
  }

  @Test
  void refusesNan() {
    for (int at = 0; at < 3; at++) {
      float[] logits = {1, 2, 3};
      logits[at] = Float.NaN;
      assertThatThrownBy(() -> ArgMax.of(logits))
          .isInstanceOf(PolyLmException.class)
          .hasMessage(
              "the logit of id %d is NaN, must be a number; the model's weights may be damaged, remove_invalid_values replaces such values",
              at);
    }
  }

  @Test
  void refusesARowOfNothing() {
    float[] logits = new float[5];
    Arrays.fill(logits, NONE);
    assertThatThrownBy(() -> ArgMax.of(logits))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "every logit is minus infinity, no id is left to choose: the settings rule out the whole vocabulary");
  }
}

package dev.polylm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ModelComparisonTest {
  /** By hand: of (1/2, 1/2) from (3/4, 1/4) it is (ln(2/3) + ln 2) / 2. */
  @Test
  void divergenceIsThatOfTheDistributions() {
    float[] even = {7, 7};
    float[] uneven = {(float) Math.log(3), 0};
    assertThat(ModelComparison.divergence(even, uneven))
        .isCloseTo((Math.log(2 / 3.0) + Math.log(2)) / 2, within(1e-6));
    assertThat(ModelComparison.divergence(uneven, uneven)).isZero();
  }
}

package dev.polylm.internal.logits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FixedExpTest {

  @Test
  void isWithinItsErrorOfStrictMath() {
    Random random = new Random(5);
    double worst = 0;
    for (int i = 0; i < 300_000; i++) {
      double x = -random.nextDouble() * (i % 2 == 0 ? 30 : 700);
      double exact = StrictMath.exp(x);
      worst = Math.max(worst, Math.abs(FixedExp.of(x) - exact) / exact);
    }
    assertThat(worst).isLessThan(1e-14);
  }

  @Test
  void hasTheValuesOfTheEnds() {
    assertThat(FixedExp.of(0)).isEqualTo(1);
    assertThat(FixedExp.of(-0.0)).isEqualTo(1);
    assertThat(FixedExp.of(-700)).isZero();
    assertThat(FixedExp.of(Double.NEGATIVE_INFINITY)).isZero();
  }

  /** These bits are part of what makes a seed's text the same everywhere. */
  @Test
  void neverChangesABit() {
    long digest = 0;
    for (int i = 0; i < 100_000; i++) {
      digest = digest * 31 + Double.doubleToRawLongBits(FixedExp.of(-i * 0.00123));
    }
    assertThat(digest).isEqualTo(3703377331441975759L);
  }
}

package dev.polylm.export.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.polylm.PolyLmException;
import dev.polylm.export.Verification;
import org.junit.jupiter.api.Test;

class LogitsComparisonTest {
  private final LogitsComparison comparison = new LogitsComparison();

  @Test
  void figuresAreMeansOverPositions() {
    // Probabilities 1/2, 1/4, 1/4 against 1/4, 1/2, 1/4.
    float two = (float) Math.log(2);
    comparison.add(new float[] {two, 0, 0}, new float[] {0, two, 0});
    comparison.add(new float[] {1, 2, 3}, new float[] {1, 2, 3});

    Verification found = comparison.figures(2);

    assertThat(found.sequences()).isEqualTo(2);
    assertThat(found.positions()).isEqualTo(2);
    assertThat(found.largestDifference()).isEqualTo(two);
    assertThat(found.meanDifference()).isCloseTo(two / 3, within(1e-6));
    assertThat(found.top1Agreement()).isEqualTo(0.5);
    assertThat(found.klDivergence()).isCloseTo(Math.log(2) / 8, within(1e-6));
    assertThat(found.spread())
        .isCloseTo((Math.sqrt(2.0 / 9) * two + Math.sqrt(2.0 / 3)) / 2, within(1e-6));
  }

  @Test
  void anotherTokenOfTheSameLogitAgrees() {
    comparison.add(new float[] {1, 1, 0}, new float[] {1, 1.0001f, 0});

    assertThat(comparison.figures(1).top1Agreement()).isEqualTo(1);
  }

  @Test
  void aGraphThatOverflowsIsAsFarAwayAsCanBe() {
    comparison.add(new float[] {1, 2, 3}, new float[] {1, Float.NaN, 3});

    Verification found = comparison.figures(1);

    assertThat(found.largestDifference()).isInfinite();
    assertThat(found.klDivergence()).isInfinite();
    assertThatThrownBy(() -> new Limits(10, 10, 0, 10).check(found, "fp16"))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("largest difference Infinity");
  }

  @Test
  void positionsWhereTheCheckpointItselfOverflowsAreLeftOut() {
    comparison.add(new float[] {1, Float.NaN, 3}, new float[] {1, 2, 3});
    comparison.add(new float[] {1, Float.POSITIVE_INFINITY, 3}, new float[] {1, 2, 3});

    Verification found = comparison.figures(1);

    assertThat(found.positions()).isZero();
    new Limits(0, 0, 1, 0).check(found, "fp32");
  }

  @Test
  void eachLimitIsHeld() {
    Verification found = new Verification(1, 4, 0.2, 0.1, 2, 0.75, 0.01);
    new Limits(0.1, 0.05, 0.75, 0.01).check(found, "int4");

    for (Limits tight :
        new Limits[] {
          new Limits(0.099, 0.05, 0.75, 0.01),
          new Limits(0.1, 0.049, 0.75, 0.01),
          new Limits(0.1, 0.05, 0.76, 0.01),
          new Limits(0.1, 0.05, 0.75, 0.009)
        }) {
      assertThatThrownBy(() -> tight.check(found, "int4"))
          .isInstanceOf(PolyLmException.class)
          .hasMessageStartingWith(
              "the exported graph does not compute what the checkpoint does: logits of 4 positions"
                  + " in 1 sequences, spread 2.00: largest difference 0.20, mean 0.10,"
                  + " top-1 agreement 75.0 %, KL divergence 0.010; expected for int4 ");
    }
  }
}

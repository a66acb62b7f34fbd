package dev.polylm.export.judgement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class QkvChoiceTest {
  @Test
  void theBetterOneIsTakenWhereTheDifferenceIsClear() {
    QkvChoice choice = QkvChoice.of(new double[] {4, 6, 5, 5}, new double[] {2, 3, 2, 3});

    assertThat(choice.interleaved()).isTrue();
    assertThat(choice.concatenatedPerplexity()).isEqualTo(148.4); // e^5
    assertThat(choice.interleavedPerplexity()).isEqualTo(12.18); // e^2.5
    assertThat(QkvChoice.of(new double[] {2, 3, 2, 3}, new double[] {4, 6, 5, 5}))
        .isEqualTo(new QkvChoice(false, true, 12.18, 148.4, 4));
  }

  @Test
  void aDifferenceThatChanceMakesIsNotClear() {
    QkvChoice choice = QkvChoice.of(new double[] {9, 1, 9, 1}, new double[] {1, 1, 9, 7});

    assertThat(choice.clear()).isFalse();
    assertThat(choice.interleaved()).isFalse();
  }

  @Test
  void aSmallDifferenceIsNotClearHoweverCertain() {
    assertThat(QkvChoice.of(new double[] {5.3, 5.3, 5.3}, new double[] {5, 5, 5}).clear())
        .isFalse();
  }

  @Test
  void whatIsNoNumberIsNotClear() {
    double infinity = Double.POSITIVE_INFINITY;
    QkvChoice choice = QkvChoice.of(new double[] {infinity, 5}, new double[] {infinity, 5});

    assertThat(choice).isEqualTo(new QkvChoice(false, false, Float.MAX_VALUE, Float.MAX_VALUE, 2));
  }

  @Test
  void lossesAndPerplexitiesAreThoseOfTheDefinition() {
    float[] logits = {1, 2, 3};
    double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);

    assertThat(TextLoss.loss(logits, 2)).isCloseTo(Math.log(sum) - 3, within(1e-12));
    assertThat(TextLoss.loss(new float[] {1, Float.NaN}, 0)).isInfinite();
    assertThat(TextLoss.rounded(0.123456)).isEqualTo(0.1235);
    assertThat(TextLoss.rounded(1.23456)).isEqualTo(1.235);
    assertThat(TextLoss.rounded(123456)).isEqualTo(123500);
    assertThat(TextLoss.rounded(Double.NaN)).isEqualTo(Float.MAX_VALUE);
  }
}

package dev.polylm.export.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.polylm.PolyLmException;
import dev.polylm.export.parallel.Workers;
import org.junit.jupiter.api.Test;

class InverseFactorTest {

  /** U^T U H = I, for H with its damping. */
  @Test
  void isAFactorOfTheInverse() {
    int n = 150;
    float[][] inputs = Matrices.random(401, n, 1);
    Hessian hessian = new Hessian(n, 256);
    try (Workers workers = new Workers(2)) {
      hessian.add(inputs, workers);
    }
    double[][] h = damped(inputs);
    assertThat((double) hessian.square(0)[7 * n + 3]).isCloseTo(h[7][3], within(1e-3));
    float[] u = InverseFactor.of(hessian.square(0), n);
    for (int column = 0; column < n; column++) {
      double[] upper = new double[n];
      for (int i = 0; i < n; i++) {
        for (int j = i; j < n; j++) {
          upper[i] += u[i * n + j] * h[j][column];
        }
      }
      for (int row = 0; row < n; row++) {
        double product = 0;
        for (int i = 0; i <= row; i++) {
          product += u[i * n + row] * upper[i];
        }
        assertThat(product).isCloseTo(row == column ? 1 : 0, within(1e-4));
      }
    }
  }

  private static double[][] damped(float[][] inputs) {
    int n = inputs[0].length;
    double[][] h = new double[n][n];
    double mean = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (float[] row : inputs) {
          h[i][j] += (double) row[i] * row[j];
        }
      }
      mean += h[i][i] / n;
    }
    for (int i = 0; i < n; i++) {
      h[i][i] += 0.01 * mean;
    }
    return h;
  }

  @Test
  void columnsThatAreAlwaysZeroDoNoHarm() {
    assertThat(InverseFactor.of(new float[] {0, 0, 0, 0}, 2)).containsExactly(1, 0, 0, 1);
  }

  @Test
  void refusesWhatIsNotFinite() {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> InverseFactor.of(new float[] {1, 0, 0, value}, 2))
          .isInstanceOf(PolyLmException.class)
          .hasMessage(
              "calibration: the inputs of a matrix are not finite, expected finite activations");
    }
  }
}

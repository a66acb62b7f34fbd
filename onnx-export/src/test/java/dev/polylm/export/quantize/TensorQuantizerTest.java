package dev.polylm.export.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.polylm.export.parallel.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorQuantizerTest {
  private final Workers workers = new Workers(2);

  @AfterEach
  void close() {
    workers.close();
  }

  /** ONNX Runtime's own choice: the weight of the largest size becomes the lowest code. */
  @Test
  void symmetricRoundingIsTheRuntimes() {
    float[][] matrix = new float[1][32];
    matrix[0][3] = 4;
    matrix[0][4] = -2;
    matrix[0][5] = 1.3f;
    matrix[0][20] = -1.6f;
    Matrices.Stored stored = quantize(matrix, new BlockFormat(4, 16, false), null);
    assertThat(stored.scales).containsExactly(-0.5f, 0.2f);
    assertThat(stored.codes[1]).isEqualTo((byte) 0x08); // columns 2 and 3: 8 and 0
    assertThat(stored.codes[2]).isEqualTo((byte) 0x5c); // columns 4 and 5: 12 and 5
    assertThat(stored.zeroPoints).isEmpty();
    assertThat(stored.dequantized()[0][5]).isEqualTo(1.5f);
  }

  @ParameterizedTest
  @CsvSource({"4, 16", "4, 32", "4, 128"})
  void weightsOnAGridAreKeptExactly(int bits, int blockSize) {
    float[][] matrix = Matrices.random(70, 256, 2);
    for (float[] row : matrix) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (Math.floorMod(i * 7, 1 << bits) - 3) * 0.125f;
      }
    }
    Matrices.Stored stored = new Matrices.Stored(new BlockFormat(bits, blockSize, true), 70, 256);
    TensorQuantizer.Result result =
        new TensorQuantizer(workers).quantize(Matrices.source(matrix), stored.format, null, stored);
    assertThat(result.relativeError()).isLessThan(1e-6);
    assertThat(stored.dequantized()[69][200]).isCloseTo(matrix[69][200], within(1e-6f));
  }

  @ParameterizedTest
  @CsvSource({"4, 32", "4, 128", "8, 64"})
  void theReportedErrorIsThatOfTheCodes(int bits, int blockSize) {
    float[][] matrix = Matrices.random(130, 208, 3); // ragged: tiles, blocks and halves of bytes
    for (boolean zeroPoints : new boolean[] {false, true}) {
      BlockFormat format = new BlockFormat(bits, blockSize, zeroPoints);
      Matrices.Stored stored = new Matrices.Stored(format, 130, 208);
      TensorQuantizer.Result result =
          new TensorQuantizer(workers).quantize(Matrices.source(matrix), format, null, stored);
      assertThat(stored.next).isEqualTo(130);
      assertThat(result.bytes())
          .isEqualTo(stored.codes.length + 4L * stored.scales.length + stored.zeroPoints.length);
      assertThat(result.relativeError())
          .isCloseTo(relativeError(matrix, stored.dequantized()), within(1e-6));
    }
  }

  @Test
  void searchErrsLessThanSymmetricRounding() {
    float[][] matrix = Matrices.random(64, 256, 4);
    double symmetric = error(matrix, quantize(matrix, new BlockFormat(4, 32, false), null));
    double searched = error(matrix, quantize(matrix, new BlockFormat(4, 32, true), null));
    assertThat(searched).isLessThan(0.92 * symmetric);
  }

  /** What counts is the error of the outputs, not of the weights. */
  @ParameterizedTest
  @CsvSource({"256", "128"})
  void compensationBringsTheOutputsCloser(int groupWidth) {
    float[][] matrix = Matrices.random(65, 256, 5);
    float[][] inputs = correlated(600);
    Hessian hessian = new Hessian(256, groupWidth);
    hessian.add(inputs, workers);
    BlockFormat format = new BlockFormat(4, 64, true);
    float[][] plain = quantize(matrix, format, null).dequantized();
    float[][] compensated = quantize(matrix, format, hessian).dequantized();
    assertThat(outputError(matrix, compensated, inputs))
        .isLessThan(0.5 * outputError(matrix, plain, inputs));
    assertThat(relativeError(matrix, compensated)).isGreaterThan(relativeError(matrix, plain));
  }

  /** Without correlation there is nothing to make up for. */
  @Test
  void independentInputsLeaveTheSearchAsItIs() {
    float[][] matrix = Matrices.random(64, 128, 6);
    Hessian identity = new Hessian(128, 128);
    identity.addToDiagonal(3);
    BlockFormat format = new BlockFormat(4, 16, true);
    assertThat(quantize(matrix, format, identity).codes)
        .isEqualTo(quantize(matrix, format, null).codes);
  }

  @Test
  void oneThreadGivesWhatTwoGive() {
    float[][] matrix = Matrices.random(300, 128, 7);
    Hessian hessian = new Hessian(128, 128);
    hessian.add(Matrices.random(100, 128, 8), workers);
    BlockFormat format = new BlockFormat(4, 32, true);
    Matrices.Stored two = quantize(matrix, format, hessian);
    Matrices.Stored one = new Matrices.Stored(format, 300, 128);
    try (Workers single = new Workers(1)) {
      new TensorQuantizer(single).quantize(Matrices.source(matrix), format, hessian, one);
    }
    assertThat(one.codes).isEqualTo(two.codes);
    assertThat(one.scales).isEqualTo(two.scales);
    assertThat(one.zeroPoints).isEqualTo(two.zeroPoints);
  }

  @Test
  void rowsOfZerosStayZero() {
    for (boolean zeroPoints : new boolean[] {false, true}) {
      Matrices.Stored stored = quantize(new float[3][48], new BlockFormat(4, 16, zeroPoints), null);
      assertThat(stored.dequantized()).isDeepEqualTo(new float[3][48]);
      assertThat(stored.scales).containsOnly(stored.scales[0]).doesNotContain(Float.NaN);
    }
  }

  @Test
  void refusesAHessianOfOtherColumns() {
    assertThatThrownBy(
            () -> quantize(new float[2][64], new BlockFormat(4, 16, true), new Hessian(128, 128)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the Hessian has 128 columns, expected 64");
    assertThatThrownBy(() -> new Hessian(128, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("groupWidth is 100, expected a multiple of 128");
  }

  private Matrices.Stored quantize(float[][] matrix, BlockFormat format, Hessian hessian) {
    Matrices.Stored stored = new Matrices.Stored(format, matrix.length, matrix[0].length);
    new TensorQuantizer(workers).quantize(Matrices.source(matrix), format, hessian, stored);
    return stored;
  }

  /** Inputs that lie near a space of 40 dimensions. */
  private static float[][] correlated(int count) {
    float[][] directions = Matrices.random(40, 256, 9);
    float[][] mixes = Matrices.random(count, 40, 10);
    float[][] inputs = Matrices.random(count, 256, 11);
    for (int i = 0; i < count; i++) {
      for (int d = 0; d < 40; d++) {
        for (int column = 0; column < 256; column++) {
          inputs[i][column] += mixes[i][d] * directions[d][column];
        }
      }
    }
    return inputs;
  }

  private static double error(float[][] matrix, Matrices.Stored stored) {
    return relativeError(matrix, stored.dequantized());
  }

  private static double relativeError(float[][] matrix, float[][] other) {
    double squares = 0;
    double errors = 0;
    for (int row = 0; row < matrix.length; row++) {
      for (int i = 0; i < matrix[row].length; i++) {
        squares += matrix[row][i] * matrix[row][i];
        errors += Math.pow(matrix[row][i] - other[row][i], 2);
      }
    }
    return Math.sqrt(errors / squares);
  }

  private static double outputError(float[][] matrix, float[][] other, float[][] inputs) {
    double sum = 0;
    for (float[] input : inputs) {
      for (int row = 0; row < matrix.length; row++) {
        double off = 0;
        for (int i = 0; i < input.length; i++) {
          off += input[i] * (matrix[row][i] - other[row][i]);
        }
        sum += off * off;
      }
    }
    return sum;
  }
}

package dev.polylm.export.reference;

import dev.polylm.export.checkpoint.Activation;

/** The operations on each row of activations. Sums are taken in double. */
final class Elementwise {
  private Elementwise() {}

  /**
   * Applies layer normalization: (x - mean) / sqrt(variance + epsilon) * weight + bias. The
   * variance has divisor n, as torch.nn.LayerNorm documents it.
   */
  static void layerNorm(
      float[] source, float[] target, float[] weight, float[] bias, float epsilon) {
    double mean = 0;
    for (float x : source) {
      mean += x;
    }
    mean /= source.length;
    double variance = 0;
    for (float x : source) {
      variance += (x - mean) * (x - mean);
    }
    double scale = 1 / Math.sqrt(variance / source.length + epsilon);
    for (int i = 0; i < source.length; i++) {
      target[i] = (float) ((source[i] - mean) * scale * weight[i] + bias[i]);
    }
  }

  /** Reorders [heads, 3, headDim] to [3, heads, headDim]. */
  static float[] grouped(float[] qkv, int heads, int headDim) {
    float[] grouped = new float[qkv.length];
    for (int head = 0; head < heads; head++) {
      for (int part = 0; part < 3; part++) {
        int from = (head * 3 + part) * headDim;
        System.arraycopy(qkv, from, grouped, (part * heads + head) * headDim, headDim);
      }
    }
    return grouped;
  }

  /** Adds {@code addend} to {@code sum}. */
  static void add(float[] sum, float[] addend) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += addend[i];
    }
  }

  /** Applies the activation to each value. */
  static void activate(Activation activation, float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) activate(activation, values[i]);
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double activate(Activation activation, double x) {
    return switch (activation) {
      case GELU_ERF -> x / 2 * (1 + Erf.erf(x / Math.sqrt(2)));
      case GELU_TANH ->
          x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case GELU_SIGMOID -> x * sigmoid(1.702 * x);
      case SILU -> x * sigmoid(x);
      case RELU -> Math.max(x, 0);
      case RELU_SQUARED -> Math.max(x, 0) * Math.max(x, 0);
      case TANH -> Math.tanh(x);
      case SIGMOID -> sigmoid(x);
    };
  }
}

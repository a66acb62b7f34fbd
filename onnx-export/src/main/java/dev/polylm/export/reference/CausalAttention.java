package dev.polylm.export.reference;

import dev.polylm.export.parallel.Workers;

/** Softmax attention of each token to itself and the earlier tokens of its sequence. */
final class CausalAttention {
  private final int heads;
  private final int headDim;
  private final Workers workers;

  CausalAttention(int heads, int headDim, Workers workers) {
    this.heads = heads;
    this.headDim = headDim;
    this.workers = workers;
  }

  /**
   * @param qkv [tokens][3 heads headDim]: a token's queries, keys, values
   * @param starts the first token of each sequence, followed by the number of tokens
   * @param scale the factor of the product of query and key
   * @param result [tokens][heads headDim], overwritten
   */
  void attend(float[][] qkv, int[] starts, float scale, float[][] result) {
    int sequences = starts.length - 1;
    workers.forEach(
        sequences * heads,
        i -> {
          int start = starts[i / heads];
          int offset = i % heads * headDim;
          for (int t = start; t < starts[i / heads + 1]; t++) {
            double[] weights = weights(qkv, start, t, offset, scale);
            mix(weights, qkv, start, offset, result[t]);
          }
        });
  }

  /** Returns how much token t attends to each token from start to itself; the values sum to 1. */
  private double[] weights(float[][] qkv, int start, int t, int offset, float scale) {
    double[] weights = new double[t - start + 1];
    double max = Double.NEGATIVE_INFINITY;
    for (int s = 0; s < weights.length; s++) {
      weights[s] = scale * dot(qkv[t], offset, qkv[start + s], heads * headDim + offset);
      max = Math.max(max, weights[s]);
    }
    double sum = 0;
    for (int s = 0; s < weights.length; s++) {
      weights[s] = Math.exp(weights[s] - max);
      sum += weights[s];
    }
    for (int s = 0; s < weights.length; s++) {
      weights[s] /= sum;
    }
    return weights;
  }

  private double dot(float[] a, int aAt, float[] b, int bAt) {
    double dot = 0;
    for (int d = 0; d < headDim; d++) {
      dot += (double) a[aAt + d] * b[bAt + d];
    }
    return dot;
  }

  private void mix(double[] weights, float[][] qkv, int start, int offset, float[] result) {
    double[] mixed = new double[headDim];
    int value = 2 * heads * headDim + offset;
    for (int s = 0; s < weights.length; s++) {
      float[] row = qkv[start + s];
      for (int d = 0; d < headDim; d++) {
        mixed[d] += weights[s] * row[value + d];
      }
    }
    for (int d = 0; d < headDim; d++) {
      result[offset + d] = (float) mixed[d];
    }
  }
}

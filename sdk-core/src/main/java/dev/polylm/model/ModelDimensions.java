package dev.polylm.model;

import dev.polylm.PolyLmException;

/**
 * The sizes that a caller of the model's graph needs.
 *
 * <pre>{@code
 * ModelDimensions model = polyLm.manifest().model();
 * System.out.println(model.layers() + " layers, a context of " + model.contextLength());
 * }</pre>
 *
 * @param vocabSize the length of a row of logits
 * @param contextLength the number of positions that the model was trained for; prompt and new ids
 *     together never exceed it
 * @param layers the number of transformer blocks, each with a key and a value tensor in the cache
 * @param hiddenSize the width of the residual stream
 * @param heads the number of attention heads
 * @param headDim the width of a head; heads times headDim is hiddenSize
 */
public record ModelDimensions(
    int vocabSize, int contextLength, int layers, int hiddenSize, int heads, int headDim) {

  // Far beyond any model, and the exporter's limits. Larger sizes could only exhaust memory.
  private static final int MAX_SIZE = 100_000_000;
  private static final int MAX_LAYERS = 10_000;

  /**
   * Checks that the sizes are possible: none is below 1 or too large, and heads times headDim is
   * hiddenSize.
   */
  void check() {
    boolean possible =
        isIn(vocabSize, MAX_SIZE)
            && isIn(contextLength, MAX_SIZE)
            && isIn(layers, MAX_LAYERS)
            && isIn(hiddenSize, MAX_SIZE)
            && isIn(heads, MAX_SIZE);
    if (!possible || headDim < 1 || (long) heads * headDim != hiddenSize) {
      throw new PolyLmException(Manifest.FILE_NAME + ": the model's sizes are impossible: " + this);
    }
  }

  private static boolean isIn(int size, int most) {
    return size >= 1 && size <= most;
  }

  /**
   * Returns how many rows of logits take as much memory as the hidden states of some ids, rounded
   * up.
   */
  public int logitsRowsOfHiddenStates(int ids) {
    return Math.toIntExact(((long) ids * hiddenSize + vocabSize - 1) / vocabSize);
  }

  /**
   * Checks that the model has all of these ids.
   *
   * @throws PolyLmException if an id is not in [0, vocabSize)
   */
  public void checkIds(int[] ids) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= vocabSize) {
        throw new PolyLmException(
            "id %s at position %s is out of range, expected 0 to %s"
                .formatted(ids[i], i, vocabSize - 1));
      }
    }
  }
}

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

  /** Checks that the sizes are possible: none is below 1, and heads times headDim is hiddenSize. */
  void check() {
    boolean positive = Math.min(Math.min(vocabSize, contextLength), Math.min(layers, heads)) > 0;
    if (!positive || headDim < 1 || (long) heads * headDim != hiddenSize) {
      throw new PolyLmException(Manifest.FILE_NAME + ": the model's sizes are impossible: " + this);
    }
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
            "id %d at position %d is out of range, expected 0 to %d"
                .formatted(ids[i], i, vocabSize - 1));
      }
    }
  }
}

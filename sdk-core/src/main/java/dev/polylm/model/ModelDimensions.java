package dev.polylm.model;

import dev.polylm.PolyLmException;

/**
 * The sizes of a model that a caller of its graph has to know.
 *
 * <pre>{@code
 * ModelDimensions model = polyLm.manifest().model();
 * System.out.println(model.layers() + " layers, a context of " + model.contextLength());
 * }</pre>
 *
 * @param vocabSize entries of a row of logits
 * @param contextLength positions the model was trained for; prompt and new ids together never
 *     exceed it
 * @param layers transformer blocks, each with a key and a value tensor in the cache
 * @param hiddenSize width of the residual stream
 * @param heads attention heads
 * @param headDim width of a head; heads times headDim is hiddenSize
 */
public record ModelDimensions(
    int vocabSize, int contextLength, int layers, int hiddenSize, int heads, int headDim) {

  /** Checks that the sizes are possible: none is below 1, and the heads fill the hidden size. */
  void check() {
    boolean positive = Math.min(Math.min(vocabSize, contextLength), Math.min(layers, heads)) > 0;
    if (!positive || headDim < 1 || (long) heads * headDim != hiddenSize) {
      throw new PolyLmException(Manifest.FILE_NAME + ": the model's sizes are impossible: " + this);
    }
  }

  /** The rows of logits that take as much memory as the hidden states of some ids, rounded up. */
  public int logitsRowsOfHiddenStates(int ids) {
    return Math.toIntExact(((long) ids * hiddenSize + vocabSize - 1) / vocabSize);
  }

  /**
   * Checks that ids are the model's.
   *
   * @throws PolyLmException where one is not in [0, vocabSize)
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

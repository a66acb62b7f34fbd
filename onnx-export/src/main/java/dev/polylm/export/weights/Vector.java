package dev.polylm.export.weights;

import dev.polylm.export.tensor.StoredTensor;

/**
 * A vector of weights that stays on disk.
 *
 * @param name the name without the prefix {@code transformer.}, such as {@code h.3.ln_1.bias}
 * @param tensor of one dimension
 */
public record Vector(String name, StoredTensor tensor) {

  public long size() {
    return tensor.elements();
  }

  /** Returns the same weights as a matrix of one row. */
  public Matrix asRow() {
    return new StoredMatrix(name, tensor, 1, size());
  }
}

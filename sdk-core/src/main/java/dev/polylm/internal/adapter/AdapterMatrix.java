package dev.polylm.internal.adapter;

import dev.polylm.PolyLmException;

/**
 * How an adapter changes a matrix W of the model: x W becomes x W + x A B. What the adapter scales
 * its changes by is in B.
 *
 * @param shape the name and the sizes
 * @param a A, [in, rank]
 * @param b B, [rank, out]
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
public record AdapterMatrix(Shape shape, float[] a, float[] b) {

  /**
   * Checks the numbers.
   *
   * @throws PolyLmException if one is not finite
   */
  public AdapterMatrix {
    check(shape.name(), a);
    check(shape.name(), b);
  }

  private static void check(String name, float[] factors) {
    for (float factor : factors) {
      if (!Float.isFinite(factor)) {
        throw new PolyLmException(
            "the adapter's change of %s has the number %s, expected finite numbers"
                .formatted(name, factor));
      }
    }
  }

  /**
   * The sizes of a change.
   *
   * @param name of the matrix, such as {@code h.3.attn.c_attn}
   */
  public record Shape(String name, int in, int out, int rank) {
    /** Returns how many numbers A and B have. */
    public long numbers() {
      return ((long) in + out) * rank;
    }
  }
}

package dev.polylm.export.adapter;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.ElementType;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.internal.adapter.AdapterMatrix;
import java.util.List;

/**
 * A module's pair of matrices, on disk.
 *
 * @param module such as {@code transformer.h.0.attn.c_attn}
 * @param a [rank, in]
 * @param b [out, rank]
 * @param scale the factor of B A
 */
record LowRank(String module, StoredTensor a, StoredTensor b, double scale) {
  private static final String PREFIX = "transformer.";

  /** Both matrices are held as floats while their module is read. */
  private static final long MAX_ELEMENTS = 1L << 25;

  /** Checks the shapes against the rank and the base weight's inputs and outputs. */
  void check(int rank, long in, long out) {
    check(a, rank, in);
    check(b, out, rank);
    if (a.elements() + b.elements() > MAX_ELEMENTS) {
      throw new PolyLmException(
          "%s: %s and %s have %s elements, expected at most %s"
              .formatted(a.file(), a.name(), b.name(), a.elements() + b.elements(), MAX_ELEMENTS));
    }
  }

  private static void check(StoredTensor tensor, long rows, long columns) {
    List<Long> expected = List.of(rows, columns);
    if (!tensor.shape().equals(expected)) {
      throw new PolyLmException(
          "%s: tensor %s has shape %s, expected %s"
              .formatted(tensor.file(), tensor.name(), tensor.shape(), expected));
    }
    if (!tensor.type().isWeight()) {
      throw new PolyLmException(
          "%s: tensor %s has elements of type %s, expected %s"
              .formatted(tensor.file(), tensor.name(), tensor.type(), ElementType.WEIGHTS));
    }
  }

  /** Reads the pair for a weight stored [out, in], or [in, out]. */
  Factors load(boolean outputsFirst) {
    int rank = Math.toIntExact(a.shape().get(0));
    int in = Math.toIntExact(a.shape().get(1));
    int out = Math.toIntExact(b.shape().get(0));
    float[] aValues = all(a);
    float[] bValues = all(b);
    return outputsFirst
        ? new Factors(rank, in, bValues, aValues, (float) scale)
        : new Factors(
            rank,
            out,
            transposed(aValues, rank, in),
            transposed(bValues, out, rank),
            (float) scale);
  }

  /** Returns the sizes that the matrices have themselves, after checking that they agree. */
  AdapterMatrix.Shape shape(int rank) {
    if (a.shape().size() != 2 || b.shape().size() != 2) {
      StoredTensor wrong = a.shape().size() != 2 ? a : b;
      throw new PolyLmException(
          "%s: tensor %s has shape %s, expected two dimensions"
              .formatted(wrong.file(), wrong.name(), wrong.shape()));
    }
    long in = a.shape().get(1);
    long out = b.shape().get(0);
    check(rank, in, out);
    String name = module.startsWith(PREFIX) ? module.substring(PREFIX.length()) : module;
    return new AdapterMatrix.Shape(name, Math.toIntExact(in), Math.toIntExact(out), rank);
  }

  /** Reads the pair as factors of [in, out], with the scale in the second. */
  AdapterMatrix factorsOf(AdapterMatrix.Shape shape) {
    Factors factors = load(false);
    float[] scaled = factors.right().clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factors.scale();
    }
    return new AdapterMatrix(shape, factors.left(), scaled);
  }

  private static float[] all(StoredTensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.elements())];
    tensor.read(0, values, 0, values.length);
    return values;
  }

  private static float[] transposed(float[] values, int rows, int columns) {
    float[] result = new float[values.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        result[column * rows + row] = values[row * columns + column];
      }
    }
    return result;
  }

  /**
   * The change of a stored weight, as the product of left and right, times scale.
   *
   * @param rank of the product
   * @param columns of the stored weight
   * @param left [rows, rank]
   * @param right [rank, columns]
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and never seen outside the package
  record Factors(int rank, int columns, float[] left, float[] right, float scale) {

    /** Adds the change of the elements from index {@code from} of the stored weight. */
    void addTo(long from, float[] target, int offset, int length) {
      int done = 0;
      while (done < length) {
        int row = (int) ((from + done) / columns);
        int column = (int) ((from + done) % columns);
        int run = Math.min(length - done, columns - column);
        for (int k = 0; k < rank; k++) {
          float factor = scale * left[row * rank + k];
          int at = k * columns + column;
          for (int i = 0; i < run; i++) {
            target[offset + done + i] += factor * right[at + i];
          }
        }
        done += run;
      }
    }
  }
}

package dev.polylm.internal.adapter;

import dev.polylm.PolyLmException;
import dev.polylm.internal.adapter.AdapterMatrix.Shape;
import dev.polylm.internal.model.TensorNames;
import dev.polylm.model.AdapterFacts;
import dev.polylm.model.ModelDimensions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The adapters that are loaded for a model. Thread-safe.
 *
 * <p>Their numbers are in the Java heap. Those of the adapters in use are also in the slots that
 * the model's runs read.
 */
public final class Adapters {
  private final Map<String, int[]> sizes;
  private final AdapterFacts limits;
  private final ModelDimensions dimensions;
  private final boolean interleaved;
  private final long maxBytes;
  private long bytes; // guarded by this

  /**
   * @param sizes the inputs and outputs of each matrix that an adapter may change, by name
   * @param interleaved whether the checkpoint groups the outputs of c_attn by heads; the graph
   *     never does
   * @param maxBytes what the loaded adapters may take together
   */
  public Adapters(
      Map<String, int[]> sizes,
      AdapterFacts limits,
      ModelDimensions dimensions,
      boolean interleaved,
      long maxBytes) {
    this.sizes = sizes;
    this.limits = limits;
    this.dimensions = dimensions;
    this.interleaved = interleaved;
    this.maxBytes = maxBytes;
  }

  /**
   * Loads a file.
   *
   * @throws PolyLmException if it is not an adapter's, is damaged, does not fit the model, or there
   *     is no room for it
   */
  public LoadedAdapter load(Path file) {
    long[] taken = {0};
    try {
      Map<String, AdapterMatrix> matrices = new LinkedHashMap<>();
      for (AdapterMatrix matrix :
          AdapterFile.read(
              file,
              shapes -> {
                shapes.forEach(shape -> check(file, shape));
                taken[0] = take(file, shapes);
              })) {
        matrices.put(matrix.shape().name(), inOrderOfGraph(matrix));
      }
      return new LoadedAdapter(name(file), this, matrices, () -> give(taken[0]));
    } catch (RuntimeException | Error e) {
      give(taken[0]);
      throw e;
    }
  }

  private static String name(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private void check(Path file, Shape shape) {
    int[] expected = sizes.get(shape.name());
    if (expected == null && shape.name().equals(TensorNames.HEAD)) {
      throw new PolyLmException(
          "%s: changes lm_head, which the model's adapters don't change: export it with --adapter-head"
              .formatted(file));
    }
    if (expected == null) {
      throw new PolyLmException(
          "%s: changes %s, which the model does not have; is it an adapter of another model?"
              .formatted(file, shape.name()));
    }
    if (shape.in() != expected[0] || shape.out() != expected[1]) {
      throw new PolyLmException(
          "%s: changes %s with %s inputs and %s outputs, expected %s and %s; is it an adapter of another model?"
              .formatted(file, shape.name(), shape.in(), shape.out(), expected[0], expected[1]));
    }
    if (shape.rank() > limits.maxRank()) {
      throw new PolyLmException(
          "%s: changes %s with rank %s, expected at most %s; export the model with --max-rank %s"
              .formatted(file, shape.name(), shape.rank(), limits.maxRank(), shape.rank()));
    }
  }

  private synchronized long take(Path file, List<Shape> shapes) {
    long needed = shapes.stream().mapToLong(Shape::numbers).sum() * Float.BYTES;
    if (bytes + needed > maxBytes) {
      throw new PolyLmException(
          "%s: takes %s bytes, and the loaded adapters take %s of %s: close one, or raise adapterBytes, whose default depends on -Xmx"
              .formatted(file, needed, bytes, maxBytes));
    }
    bytes += needed;
    return needed;
  }

  private synchronized void give(long given) {
    bytes -= given;
  }

  private AdapterMatrix inOrderOfGraph(AdapterMatrix matrix) {
    boolean qkv = matrix.shape().name().endsWith(".c_attn");
    return interleaved && qkv
        ? new AdapterMatrix(matrix.shape(), matrix.a(), deinterleaved(matrix))
        : matrix;
  }

  /** Turns outputs [heads, 3, headDim] into [3, heads, headDim]. */
  private float[] deinterleaved(AdapterMatrix matrix) {
    int heads = dimensions.heads();
    int headDim = dimensions.headDim();
    float[] ordered = new float[matrix.b().length];
    for (int from = 0; from < ordered.length; from += 3 * heads * headDim) {
      for (int part = 0; part < 3; part++) {
        for (int head = 0; head < heads; head++) {
          int source = from + (head * 3 + part) * headDim;
          int target = from + (part * heads + head) * headDim;
          System.arraycopy(matrix.b(), source, ordered, target, headDim);
        }
      }
    }
    return ordered;
  }
}

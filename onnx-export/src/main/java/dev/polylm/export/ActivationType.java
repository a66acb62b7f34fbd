package dev.polylm.export;

import dev.polylm.PolyLmException;
import dev.polylm.model.GraphKind;
import java.util.Locale;

/** The floats that an exported graph computes with between its weights. */
public enum ActivationType {
  /** Floats of 32 bits, which the CPU is fastest with. */
  FP32,
  /**
   * Floats of 16 bits, also for scales, biases and the cache. CUDA's attention has no other. The
   * CPU runs such a graph too, but slower. The graph must be {@link GraphKind#FUSED}, and the
   * weights must not be {@link WeightType#FP32}.
   */
  FP16;

  private static final int SMALLEST_BLOCK = 32;

  /** Returns the type's name, such as {@code fp16}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the size of the smallest blocks of integers that suit the activations: CUDA multiplies
   * with smaller ones only after it has unpacked them.
   */
  int smallestBlock() {
    return this == FP16 ? SMALLEST_BLOCK : 16;
  }

  /**
   * Refuses options that contradict each other.
   *
   * @throws PolyLmException if activations are asked for that don't go with the other options
   */
  static void check(ExportOptions options) {
    boolean half = options.activations() == FP16;
    require(
        half || options.weights() != WeightType.FP16,
        "activations are fp32 with weights of fp16, expected fp16: such a graph computes in its weights' floats");
    require(
        !half || options.weights() != WeightType.FP32,
        "activations are fp16 with weights of fp32, expected weights of fp16, int8 or int4");
    require(
        !half || options.weights() == WeightType.FP16 || options.graph() == GraphKind.FUSED,
        "activations are fp16 in a portable graph with weights of integers, expected a fused graph");
    require(
        !half || !options.weights().isBlocks() || options.blockSize() >= SMALLEST_BLOCK,
        "activations are fp16 with blocks of 16 weights, expected 32, 64 or 128, which CUDA multiplies with");
    require(
        !half || options.runTimeAdapters() == null,
        "activations are fp16 in a graph with adapters at run time, expected fp32");
    require(
        options.graph() == GraphKind.FUSED || options.runTimeAdapters() == null,
        "the graph is portable and takes adapters at run time, expected a fused graph");
  }

  private static void require(boolean possible, String why) {
    if (!possible) {
      throw new PolyLmException(why);
    }
  }
}

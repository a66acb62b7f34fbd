package dev.polylm.runtime;

import dev.polylm.PolyLmException;

/**
 * How a model is run.
 *
 * @param threads threads that one run uses, at least 1; 0 leaves it to ONNX Runtime, which takes
 *     one a physical core
 */
public record RuntimeOptions(int threads) {

  public RuntimeOptions {
    if (threads < 0) {
      throw new PolyLmException("threads is %d, must be at least 0".formatted(threads));
    }
  }

  /** ONNX Runtime's own choices. */
  public static RuntimeOptions defaults() {
    return new RuntimeOptions(0);
  }
}

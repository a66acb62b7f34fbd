package dev.polylm.model;

import java.util.Locale;

/**
 * Which operators a model's graph uses.
 *
 * <pre>{@code
 * boolean portable = polyLm.manifest().graph().equals(GraphKind.PORTABLE.label());
 * }</pre>
 */
public enum GraphKind {
  /** ONNX Runtime's own operators, with a cache that is updated in place. This is the fast kind. */
  FUSED,
  /**
   * Only the ONNX standard's operators (opset 21), with the inputs and outputs that Hugging Face
   * Optimum and transformers.js expect from a decoder with past. Each run returns a new cache. The
   * embedding and the output head have 8 bits if the other weights have 4.
   */
  PORTABLE;

  /** Returns the name in manifests, such as {@code fused}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

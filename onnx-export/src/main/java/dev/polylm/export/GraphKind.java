package dev.polylm.export;

import java.util.Locale;

/** Which operators an exported graph uses. */
public enum GraphKind {
  /** ONNX Runtime's own operators, with a cache that is updated in place. This is the fast kind. */
  FUSED,
  /**
   * Only the ONNX standard's operators (opset 21), with the inputs and outputs that Hugging Face
   * Optimum and transformers.js expect from a decoder with past. Its embedding and output head have
   * 8 bits if the other weights have 4.
   */
  PORTABLE;

  /** Returns the name in manifests, such as {@code fused}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

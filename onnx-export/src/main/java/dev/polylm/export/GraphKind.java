package dev.polylm.export;

import java.util.Locale;

/** The operators that an exported graph is made of. */
public enum GraphKind {
  /** ONNX Runtime's own, with a cache that is updated in place: the fast one. */
  FUSED,
  /**
   * The ONNX standard's alone (opset 21), with the inputs and outputs that Hugging Face Optimum and
   * transformers.js expect of a decoder with past. Its embedding and output head have 8 bits where
   * the other weights have 4.
   */
  PORTABLE;

  /** The name in manifests, such as {@code fused}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

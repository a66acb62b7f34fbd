package dev.polylm.export;

import java.util.Locale;

/** How an export stores the large weights. */
public enum WeightType {
  /** Floats of 32 bits, which are exact for every type of checkpoint. */
  FP32,
  /**
   * Floats of 16 bits. The graph also computes in them and keeps its cache in them. This type is
   * made for CUDA; it runs on the CPU too, but slower than {@link #FP32}.
   */
  FP16,
  /** Blocks of 8-bit integers with a scale. Next to nothing is lost. */
  INT8,
  /**
   * Blocks of 4-bit integers with a scale and a zero point, or of 8-bit integers for matrices that
   * gain by them. The exporter chooses the scales and zero points with the least error; see {@link
   * CalibrationMode} for what else it does.
   */
  INT4;

  /** Returns the type's name in manifests, such as {@code int4}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean isBlocks() {
    return this == INT8 || this == INT4;
  }
}

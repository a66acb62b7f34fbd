package dev.polylm.export;

import java.util.Locale;

/** How the large weights of an export are stored. */
public enum WeightType {
  /** Floats of 32 bits: exact whatever the checkpoint's type. */
  FP32,
  /**
   * Floats of 16 bits, in which the graph also computes and keeps its cache: made for CUDA, and
   * runs on the CPU, where it is slower than {@link #FP32}.
   */
  FP16,
  /** Blocks of integers of 8 bits with a scale: next to no loss. */
  INT8,
  /**
   * Blocks of integers of 4 bits with a scale and a zero point, of 8 bits where that pays. Scales
   * and zero points are those of the least error; see {@link CalibrationMode} for what else is
   * done.
   */
  INT4;

  /** The type's name in manifests, such as {@code int4}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean isBlocks() {
    return this == INT8 || this == INT4;
  }
}

package dev.polylm.export;

/** How the large weights of an export are stored. */
public enum WeightType {
  /** Floats of 32 bits: exact whatever the checkpoint's type. */
  FP32
}

package dev.polylm.export;

import dev.polylm.export.verify.Limits;

/** How far the logits of each type of weights may be from the checkpoint's. */
final class VerificationLimits {
  /** Only sums in another order: 40 layers differ by some 1e-4 of the logits' spread. */
  private static final Limits FP32 = new Limits(2e-3, 2e-4, 0.97, 1e-5);

  private VerificationLimits() {}

  static Limits of(WeightType weights) {
    return switch (weights) {
      case FP32 -> FP32;
    };
  }
}

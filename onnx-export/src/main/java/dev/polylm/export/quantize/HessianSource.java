package dev.polylm.export.quantize;

import org.jspecify.annotations.Nullable;

/** Provides the Hessians of the inputs of a model's matrices. */
@FunctionalInterface
public interface HessianSource {
  /** Has no Hessians. */
  HessianSource NONE = weight -> null;

  /**
   * Returns the Hessian of a matrix's inputs. Ask for the matrices in the order in which a forward
   * pass uses them.
   *
   * @param weight its name, such as {@code h.3.attn.c_attn.weight}
   * @return null if each weight is to be rounded on its own
   * @throws dev.polylm.PolyLmException if the checkpoint can't be read
   */
  @Nullable Hessian of(String weight);
}

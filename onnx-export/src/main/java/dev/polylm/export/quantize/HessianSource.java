package dev.polylm.export.quantize;

import org.jspecify.annotations.Nullable;

/** Tells what inputs a model's matrices meet. */
@FunctionalInterface
public interface HessianSource {
  /** Knows of none. */
  HessianSource NONE = weight -> null;

  /**
   * The Hessian of a matrix's inputs. To be asked in the order in which a forward pass comes to the
   * matrices.
   *
   * @param weight its name, such as {@code h.3.attn.c_attn.weight}
   * @return null if each weight is to be rounded by itself
   * @throws dev.polylm.PolyLmException if the checkpoint can't be read
   */
  @Nullable Hessian of(String weight);
}

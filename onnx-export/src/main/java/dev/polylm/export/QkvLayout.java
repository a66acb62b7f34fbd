package dev.polylm.export;

import java.util.Locale;

/** The order of c_attn's outputs in a checkpoint. */
public enum QkvLayout {
  /**
   * Whichever of the other two reads the shipped texts clearly better; {@link #CONCATENATED} where
   * neither does, and without a tokenizer.
   */
  AUTO,
  /** All of Q, then of K, then of V: [3, heads, headDim], as GPT-2 has them. */
  CONCATENATED,
  /** Q, K and V of each head: [heads, 3, headDim], as Megatron-LM has them. */
  INTERLEAVED;

  /** The name on a command line and in a manifest. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

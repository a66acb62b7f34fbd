package dev.polylm.export;

import java.util.Locale;

/** The order of c_attn's outputs in a checkpoint. */
public enum QkvLayout {
  /**
   * Takes whichever of the other two orders reads the shipped texts clearly better. It takes {@link
   * #CONCATENATED} if neither does, and without a tokenizer.
   */
  AUTO,
  /** All of Q, then all of K, then all of V: [3, heads, headDim], as in GPT-2. */
  CONCATENATED,
  /** Q, K and V of each head: [heads, 3, headDim], as in Megatron-LM. */
  INTERLEAVED;

  /** Returns the name on a command line and in a manifest. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

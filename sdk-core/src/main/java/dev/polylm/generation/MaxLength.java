package dev.polylm.generation;

import dev.polylm.PolyLmException;

/** How long prompt and answer may become together. */
final class MaxLength {
  /** New ids where nothing says how many, as in Hugging Face's generate(). */
  private static final int DEFAULT_NEW_TOKENS = 20;

  private MaxLength() {}

  /**
   * The length at which an answer ends, never more than the context.
   *
   * @throws PolyLmException where the prompt is empty, fills the context, or is as long as
   *     max_length allows
   */
  static int of(GenerationConfig config, int promptLength, int contextLength) {
    if (promptLength == 0) {
      throw new PolyLmException("the prompt is empty, expected at least one id");
    }
    if (promptLength >= contextLength) {
      throw new PolyLmException(
          "the prompt has %d ids, the model's context is %d; a prompt must leave room for a new id"
              .formatted(promptLength, contextLength));
    }
    long wanted;
    if (config.maxNewTokens().isPresent()) {
      wanted = (long) promptLength + config.maxNewTokens().getAsInt();
    } else if (config.maxLength().isPresent()) {
      wanted = config.maxLength().getAsInt();
    } else {
      wanted = promptLength + DEFAULT_NEW_TOKENS;
    }
    if (wanted <= promptLength) {
      throw new PolyLmException(
          "the prompt has %d ids, max_length is %d; it must be larger"
              .formatted(promptLength, wanted));
    }
    return (int) Math.min(wanted, contextLength);
  }
}

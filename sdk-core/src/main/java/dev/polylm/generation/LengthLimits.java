package dev.polylm.generation;

import dev.polylm.PolyLmException;

/**
 * The greatest and least length of a row, by the rules of transformers 5.17.0. One number differs:
 * if nothing limits the answer, transformers stops after 20 new ids, and this library after {@link
 * GenerationConfig#DEFAULT_MAX_NEW_TOKENS}.
 */
final class LengthLimits {
  private LengthLimits() {}

  static int maxLength(GenerationConfig config, int promptLength, int contextLength) {
    if (promptLength == 0) {
      throw new PolyLmException("prompt is empty, must have at least one token");
    }
    if (promptLength >= contextLength) {
      throw new PolyLmException(
          "prompt has %s tokens, must be fewer than the model's context of %s"
              .formatted(promptLength, contextLength));
    }
    long limit = asked(config, promptLength);
    if (promptLength >= limit) {
      throw new PolyLmException(
          "prompt has %s tokens, must be fewer than max_length, which is %s"
              .formatted(promptLength, limit));
    }
    checkMinimum(config, promptLength, limit);
    return (int) Math.min(limit, contextLength);
  }

  private static long asked(GenerationConfig config, int promptLength) {
    if (config.maxNewTokens().isPresent()) {
      return (long) promptLength + config.maxNewTokens().getAsInt();
    }
    return config.maxLength().isPresent()
        ? config.maxLength().getAsInt()
        : (long) promptLength + GenerationConfig.DEFAULT_MAX_NEW_TOKENS;
  }

  private static void checkMinimum(GenerationConfig config, int promptLength, long limit) {
    if (config.minNewTokens().isPresent()) {
      int least = config.minNewTokens().getAsInt();
      if (least > limit - promptLength) {
        throw new PolyLmException(
            "min_new_tokens is %s, must be at most %s, the new tokens that max_new_tokens, max_length or their default of %s allow"
                .formatted(least, limit - promptLength, GenerationConfig.DEFAULT_MAX_NEW_TOKENS));
      }
    } else if (config.minLength() > limit) {
      throw new PolyLmException(
          "min_length is %s, must be at most %s, the length that max_new_tokens, max_length or a default of %s new tokens allow"
              .formatted(config.minLength(), limit, GenerationConfig.DEFAULT_MAX_NEW_TOKENS));
    }
  }
}

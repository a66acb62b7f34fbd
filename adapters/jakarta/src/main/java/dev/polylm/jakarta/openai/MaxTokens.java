package dev.polylm.jakarta.openai;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.jakarta.config.ServerSettings;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How many new ids an answer may have.
 *
 * @param tokens the limit
 * @param warning the warning for a client that asked for more than the server allows
 */
record MaxTokens(int tokens, Optional<String> warning) {

  /** Returns what a request for a reply to a conversation asks for, under either name. */
  static MaxTokens ofChat(Fields request, ServerSettings limits, OptionalInt defaults) {
    OptionalInt old = request.integerFrom("max_tokens", 1);
    OptionalInt current = request.integerFrom("max_completion_tokens", 1);
    if (old.isPresent() && current.isPresent() && old.getAsInt() != current.getAsInt()) {
      throw ApiException.badRequest(
          request.path("max_completion_tokens"),
          "%s is %s and max_tokens is %s; set only one of them."
              .formatted(
                  request.path("max_completion_tokens"), current.getAsInt(), old.getAsInt()));
    }
    int otherwise = unlimited(defaults, limits);
    return current.isPresent()
        ? of(request.path("max_completion_tokens"), current, otherwise, limits)
        : of("max_tokens", old, otherwise, limits);
  }

  /** Returns what a request for a continuation of prompts asks for. */
  static MaxTokens ofCompletion(Fields request, ServerSettings limits, OptionalInt defaults) {
    int otherwise = unlimited(defaults, limits);
    return of("max_tokens", request.integerFrom("max_tokens", 0), otherwise, limits);
  }

  /** Returns how many ids an answer may have if the request does not say. */
  private static int unlimited(OptionalInt defaults, ServerSettings limits) {
    return defaults.orElse(Math.min(GenerationConfig.DEFAULT_MAX_NEW_TOKENS, limits.maxTokens()));
  }

  private static MaxTokens of(
      String name, OptionalInt asked, int otherwise, ServerSettings limits) {
    if (asked.orElse(0) <= limits.maxTokens()) {
      return new MaxTokens(asked.orElse(otherwise), Optional.empty());
    }
    return new MaxTokens(
        limits.maxTokens(),
        Optional.of(
            "%s is above polylm.server.max-tokens, which holds: %s"
                .formatted(name, limits.maxTokens())));
  }
}

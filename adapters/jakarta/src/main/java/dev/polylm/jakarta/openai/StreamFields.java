package dev.polylm.jakarta.openai;

import java.util.Optional;

/**
 * Whether an answer is wanted in pieces.
 *
 * @param includeUsage the last piece counts the tokens
 */
record StreamFields(boolean stream, boolean includeUsage) {

  static StreamFields read(Fields request) {
    boolean stream = request.flag("stream");
    Optional<Fields> options = request.object("stream_options");
    if (options.isPresent() && !stream) {
      throw ApiException.badRequest(
          "stream_options", "stream_options is set, which needs stream to be true.");
    }
    return new StreamFields(stream, options.isPresent() && options.get().flag("include_usage"));
  }
}

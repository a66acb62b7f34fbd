package dev.polylm.jakarta.openai;

import java.util.Optional;

/**
 * The fields that ask for an answer in pieces.
 *
 * @param includeUsage whether the last piece holds the token counts
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

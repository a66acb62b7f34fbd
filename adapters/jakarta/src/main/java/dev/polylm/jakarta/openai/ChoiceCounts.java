package dev.polylm.jakarta.openai;

import dev.polylm.jakarta.config.ServerSettings;
import java.util.OptionalInt;

/**
 * How many answers a prompt gets.
 *
 * @param n how many answers are returned
 * @param bestOf the number of answers from which the best are chosen, if the request sets it
 */
record ChoiceCounts(int n, OptionalInt bestOf) {

  static ChoiceCounts read(Fields request, ServerSettings limits, boolean withBestOf) {
    int n = request.integer("n", 1, limits.maxChoices()).orElse(1);
    OptionalInt bestOf =
        withBestOf ? request.integer("best_of", 1, limits.maxChoices()) : OptionalInt.empty();
    if (bestOf.isPresent() && bestOf.getAsInt() < n) {
      throw ApiException.badRequest(
          "best_of",
          "best_of is %s, must be at least n, which is %s.".formatted(bestOf.getAsInt(), n));
    }
    return new ChoiceCounts(n, bestOf);
  }

  /** Returns how many answers are made. */
  int candidates() {
    return bestOf.orElse(n);
  }
}

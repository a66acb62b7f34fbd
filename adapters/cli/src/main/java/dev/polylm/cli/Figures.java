package dev.polylm.cli;

import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.Timings;
import java.time.Duration;
import java.util.Locale;

/** Says how fast an answer was. */
final class Figures {
  private Figures() {}

  /**
   * Returns a line such as {@code 19 prompt tokens in 25 ms, 9 new tokens in 54 ms (166.7
   * tokens/s), seed 42}.
   */
  static String of(GenerationResult result) {
    Timings timings = result.timings();
    double seconds = timings.decode().toNanos() / 1e9;
    return String.format(
        Locale.ROOT,
        "%d prompt tokens in %d ms, %d new tokens in %d ms%s, seed %d",
        result.promptTokens(),
        timings.firstToken().toMillis(),
        result.newTokens(),
        timings.decode().toMillis(),
        seconds > 0
            ? String.format(Locale.ROOT, " (%.1f tokens/s)", result.newTokens() / seconds)
            : "",
        result.seed());
  }

  /** Returns a duration such as {@code 1:02:03}. */
  static String clock(Duration duration) {
    return String.format(
        Locale.ROOT,
        "%d:%02d:%02d",
        duration.toHours(),
        duration.toMinutesPart(),
        duration.toSecondsPart());
  }
}

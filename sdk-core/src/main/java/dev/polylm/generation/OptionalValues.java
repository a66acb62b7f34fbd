package dev.polylm.generation;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Converts values that may be missing to the types that getters return. */
final class OptionalValues {
  private OptionalValues() {}

  static OptionalInt ofInt(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  static OptionalLong ofLong(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  static OptionalDouble ofDouble(@Nullable Double value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /**
   * Returns a duration of seconds above 0, at least a nanosecond. A duration that does not fit
   * becomes 292 years, the longest in nanoseconds.
   */
  static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.max(1, (long) (seconds * 1e9)));
  }
}

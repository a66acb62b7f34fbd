package dev.polylm.generation;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values that a setting may have. */
@FunctionalInterface
interface Range<T> {

  /**
   * Returns the rule that a value breaks, such as "must be at least 1", or null if it breaks none.
   */
  @Nullable String violatedBy(T value);

  static <T> Range<T> any() {
    return value -> null;
  }

  static Range<Integer> atLeast(int least) {
    return value -> value >= least ? null : "must be at least " + least;
  }

  /** Checks the value after rounding it to a float. */
  static Range<Double> above0() {
    return value -> {
      if (!(value.floatValue() > 0)) {
        return "must be a number above 0";
      }
      return isFinite(value) ? null : "must be at most " + Float.MAX_VALUE;
    };
  }

  static Range<Double> seconds() {
    return value -> value > 0 && Double.isFinite(value) ? null : "must be a finite number above 0";
  }

  /** Checks the value after rounding it to a float. */
  static Range<Double> finite() {
    return value -> isFinite(value) ? null : "must be a finite number";
  }

  static Range<Double> closed(double from, double to) {
    return value ->
        value >= from && value <= to ? null : "must be from %s to %s".formatted(from, to);
  }

  static Range<Double> from0Below1() {
    return value -> value >= 0 && value < 1 ? null : "must be at least 0 and below 1";
  }

  static Range<Double> above0To1() {
    return value -> value > 0 && value <= 1 ? null : "must be above 0 and at most 1";
  }

  static Range<List<Integer>> ids() {
    return ids -> validIds(ids) ? null : "must hold ids of at least 0";
  }

  static Range<List<Integer>> someIds() {
    return ids ->
        !ids.isEmpty() && validIds(ids) ? null : "must hold one or more ids of at least 0";
  }

  static Range<List<List<Integer>>> sequences() {
    return sequences ->
        sequences.stream().allMatch(Range::validSequence)
            ? null
            : "must hold sequences of one or more ids of at least 0";
  }

  /** Checks the numbers after rounding them to floats. */
  static Range<Map<List<Integer>, Double>> sequenceBiases() {
    return biases ->
        biases.keySet().stream().allMatch(Range::validSequence)
                && biases.values().stream().allMatch(Range::isFinite)
            ? null
            : "must give sequences of one or more ids of at least 0 a finite number";
  }

  /** Checks the numbers after rounding them to floats. */
  static Range<Map<Integer, Double>> biases() {
    return biases ->
        biases.keySet().stream().allMatch(id -> id >= 0)
                && biases.values().stream().allMatch(Range::isFinite)
            ? null
            : "must give ids of at least 0 a finite number";
  }

  static Range<ExponentialDecay> decay() {
    return decay ->
        decay.startIndex() >= 0 && decay.decayFactor() > 0 && Double.isFinite(decay.decayFactor())
            ? null
            : "must be a start of at least 0 and a factor above 0";
  }

  static Range<List<String>> nonEmptyStrings() {
    return strings ->
        strings.stream().noneMatch(String::isEmpty) ? null : "must hold strings that are not empty";
  }

  private static boolean isFinite(Double value) {
    return Float.isFinite(value.floatValue());
  }

  private static boolean validSequence(List<Integer> ids) {
    return !ids.isEmpty() && validIds(ids);
  }

  private static boolean validIds(List<Integer> ids) {
    return ids.stream().allMatch(id -> id >= 0);
  }
}

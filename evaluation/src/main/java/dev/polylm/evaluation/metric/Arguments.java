package dev.polylm.evaluation.metric;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLmException;
import java.util.List;

/** Checks what callers give the metrics. */
final class Arguments {
  private Arguments() {}

  /**
   * Checks a text and those that it is compared with.
   *
   * @throws PolyLmException if there are no references
   */
  static void check(String text, List<String> references) {
    requireNonNull(text, "the text must not be null");
    requireNonNull(references, "references must not be null");
    if (references.isEmpty()) {
      throw new PolyLmException("there are no references, expected at least one");
    }
    references.forEach(reference -> requireNonNull(reference, "references must not contain null"));
  }

  /**
   * Checks a number.
   *
   * @throws PolyLmException if it is less than it must be
   */
  static void checkAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new PolyLmException("%s is %s, must be at least %s".formatted(name, value, least));
    }
  }
}

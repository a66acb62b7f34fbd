package dev.polylm.spark;

import dev.polylm.PolyLmException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What becomes of a row that the model can't take, such as one that is too long. */
enum ErrorMode {
  /** The row has nulls, and the error's sentence in a column. */
  COLUMN,
  /** The row fails its task, and so the job. */
  FAIL,
  /** The row is left out and counted. */
  DROP;

  /**
   * Returns the mode of a name.
   *
   * @throws PolyLmException if there is none
   */
  static ErrorMode of(String name) {
    return Arrays.stream(values())
        .filter(mode -> mode.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new PolyLmException(
                    "errorMode \"%s\" is unknown, expected one of %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(ErrorMode::toString)
                                .collect(Collectors.joining(", ")))));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

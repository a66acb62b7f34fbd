package dev.polylm.evaluation.task;

import dev.polylm.PolyLmException;
import java.util.List;
import java.util.stream.Collectors;

/** Puts examples before a prompt. */
final class Shots {
  private static final String BETWEEN = "\n\n";

  /**
   * A prompt and its right answer.
   *
   * @param prompt the text before the answer
   * @param delimiter what is between the two
   * @param answer the answer
   */
  record Shot(String prompt, String delimiter, String answer) {
    @Override
    public String toString() {
      return prompt + delimiter + answer + BETWEEN;
    }
  }

  private Shots() {}

  /**
   * Returns the text of the first examples of a file.
   *
   * @param found the examples that the file has
   * @param count how many are wanted
   */
  static String text(DataFile file, String language, List<Shot> found, int count) {
    if (found.size() < count) {
      throw new PolyLmException(
          "%s: has %s examples of %s, must have at least the %s of --shots"
              .formatted(file.path(), found.size(), language, count));
    }
    return found.stream().limit(count).map(Shot::toString).collect(Collectors.joining());
  }
}

package dev.polylm.evaluation;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLmException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is evaluated, and where the report goes. Immutable.
 *
 * <pre>{@code
 * EvaluationOptions options =
 *     EvaluationOptions.builder(Path.of("data"), Path.of("report"))
 *         .tasks(List.of("xnli", "wmt20"))
 *         .languages(List.of("en", "de"))
 *         .limit(200)
 *         .build();
 * }</pre>
 *
 * @param data the folder of the data sets
 * @param output the folder of the report
 * @param tasks names of the paper's tasks, and YAML files of lm-evaluation-harness
 * @param languages the languages that are wanted, or none for all that have files
 * @param limit the most items of a language
 * @param shots how many examples are before each item; empty for the task's own number
 * @param texts files whose perplexity is measured
 */
public record EvaluationOptions(
    Path data,
    Path output,
    List<String> tasks,
    List<String> languages,
    int limit,
    OptionalInt shots,
    List<Path> texts) {

  /** Checks the values. */
  public EvaluationOptions {
    requireNonNull(data, "data must not be null");
    requireNonNull(output, "output must not be null");
    tasks = copy("tasks", tasks);
    languages = copy("languages", languages);
    requireNonNull(shots, "shots must not be null");
    texts = copy("texts", texts);
    if (tasks.isEmpty() && texts.isEmpty()) {
      throw new PolyLmException("there are no tasks and no texts, expected at least one");
    }
    if (tasks.stream().distinct().count() < tasks.size()) {
      throw new PolyLmException("the tasks are %s, expected each once".formatted(tasks));
    }
    checkAtLeast("limit", limit, 1);
    shots.ifPresent(count -> checkAtLeast("shots", count, 0));
  }

  private static <T> List<T> copy(String name, List<T> values) {
    requireNonNull(values, name + " must not be null");
    values.forEach(value -> requireNonNull(value, name + " must not contain null"));
    return List.copyOf(values);
  }

  private static void checkAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new PolyLmException("%s is %s, must be at least %s".formatted(name, value, least));
    }
  }

  /**
   * Begins with no tasks, all languages and all items.
   *
   * @param data the folder of the data sets
   * @param output the folder of the report; it is made if it is missing
   */
  public static Builder builder(Path data, Path output) {
    return new Builder(data, output);
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private final Path data;
    private final Path output;
    private List<String> tasks = List.of();
    private List<String> languages = List.of();
    private int limit = Integer.MAX_VALUE;
    private OptionalInt shots = OptionalInt.empty();
    private List<Path> texts = List.of();

    private Builder(Path data, Path output) {
      this.data = data;
      this.output = output;
    }

    /** Sets names of the paper's tasks, and YAML files of lm-evaluation-harness. */
    public Builder tasks(List<String> newTasks) {
      tasks = newTasks;
      return this;
    }

    /** Sets the languages that are wanted. */
    public Builder languages(List<String> newLanguages) {
      languages = newLanguages;
      return this;
    }

    /** Sets the most items of a language. */
    public Builder limit(int newLimit) {
      limit = newLimit;
      return this;
    }

    /** Sets how many examples are before each item of a task that generates. */
    public Builder shots(int newShots) {
      shots = OptionalInt.of(newShots);
      return this;
    }

    /** Sets files whose perplexity is measured. */
    public Builder texts(List<Path> newTexts) {
      texts = newTexts;
      return this;
    }

    /**
     * Builds the options.
     *
     * @throws PolyLmException if there is nothing to measure, a task is there twice, or a number is
     *     out of range
     */
    public EvaluationOptions build() {
      return new EvaluationOptions(data, output, tasks, languages, limit, shots, texts);
    }
  }
}

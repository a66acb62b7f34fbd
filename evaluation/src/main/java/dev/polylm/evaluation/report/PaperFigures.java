package dev.polylm.evaluation.report;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures that the paper (arXiv:2307.06018v1) gives for the models of 13B parameters: by
 * language for the base model, and averages also for the tuned one. For 1.7B it has none in
 * numbers.
 *
 * @param languages by language
 * @param averages by group of languages
 * @param tunedAverages of polylm-multialpaca-13b, by group of languages
 */
public record PaperFigures(
    Map<String, Double> languages,
    Map<String, Double> averages,
    Map<String, Double> tunedAverages) {
  private static final String FILE = "paper.json";
  private static final Map<String, PaperFigures> TASKS = read();
  private static final PaperFigures NONE = new PaperFigures(Map.of(), Map.of(), Map.of());

  /** Returns the figures of a task, which are empty if the paper does not have it. */
  public static PaperFigures of(String task) {
    return TASKS.getOrDefault(task, NONE);
  }

  /** Returns a language's score, or null if there is none. */
  public @Nullable Double language(String language, boolean tuned) {
    return tuned ? null : languages.get(language);
  }

  /** Returns the average of a group of languages, or null if there is none. */
  public @Nullable Double average(String group, boolean tuned) {
    return (tuned ? tunedAverages : averages).get(group);
  }

  private static Map<String, PaperFigures> read() {
    JsonMapper json =
        JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
    try (InputStream in = PaperFigures.class.getResourceAsStream(FILE)) {
      return json.readerForMapOf(PaperFigures.class).readValue(in);
    } catch (IOException e) {
      throw new UncheckedIOException(FILE + " is in the jar", e);
    }
  }
}

package dev.polylm.evaluation.task;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * The words of the prompts in each language.
 *
 * <p>Source: the templates of lm-evaluation-harness 0.4.13. The paper's appendix gives the English
 * ones, and says that the others are in the language of the data.
 */
final class Words {
  private static final String FILE = "words.json";
  private static final Map<String, Map<String, List<String>>> WORDS = read();

  private Words() {}

  /** Returns a task's words in one of its languages. */
  static List<String> of(String task, String language) {
    return WORDS.getOrDefault(task, Map.of()).getOrDefault(language, List.of());
  }

  private static Map<String, Map<String, List<String>>> read() {
    try (InputStream in = Words.class.getResourceAsStream(FILE)) {
      return new ObjectMapper().readValue(in, new TypeReference<>() {});
    } catch (IOException e) {
      throw new UncheckedIOException(FILE + " is in the jar", e);
    }
  }
}

package dev.polylm.export;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Hugging Face computed for a fixture.
 *
 * @param inputIds a prompt
 * @param logits [prompt, vocabulary]
 * @param greedyIds what follows the prompt
 */
record ReferenceModel(List<Long> inputIds, List<List<Float>> logits, List<Long> greedyIds) {
  static final Path FIXTURES = Path.of("src/test/resources/checkpoints");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  long[] prompt() {
    return inputIds.stream().mapToLong(Long::longValue).toArray();
  }

  float[] logitsAt(int position) {
    List<Float> row = logits.get(position);
    float[] values = new float[row.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.get(i);
    }
    return values;
  }

  static List<String> names() {
    try (Stream<Path> folders = Files.list(FIXTURES)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ReferenceModel of(String name) {
    try {
      return JSON.readValue(
          FIXTURES.resolve(name).resolve("reference.json").toFile(), ReferenceModel.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** What Hugging Face gave on polylm-tiny; see make_generation.py beside the files. */
final class Fixtures {
  /** The checkpoint of polylm-tiny. */
  static final Path CHECKPOINT = Path.of("../examples/polylm-tiny/checkpoint");

  private Fixtures() {}

  static JsonNode read(String name) {
    try (InputStream stream = Fixtures.class.getResourceAsStream("/" + name)) {
      return new ObjectMapper().readTree(Objects.requireNonNull(stream, name));
    } catch (IOException e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** What was generated without draws: greedy search, beams and their kind, penalties. */
  static List<JsonNode> searches() {
    return list(read("generation.json")).stream()
        .filter(fixture -> !fixture.get("config").toString().contains("\"do_sample\":true"))
        .toList();
  }

  /** The request that generated something. */
  static GenerationRequest request(JsonNode fixture) {
    return GenerationRequest.ofPrompt(fixture.get("prompt").textValue())
        .withConfig(GenerationConfig.fromJson(fixture.get("config").toString()));
  }

  /** The share of the ids of all cases of a name that a model gives as Hugging Face did. */
  static double shareOfIds(PolyLm polyLm, String name) {
    int equal = 0;
    int all = 0;
    for (JsonNode fixture : list(read("generation.json"))) {
      if (fixture.get("name").textValue().equals(name)) {
        int[] expected = ints(fixture.get("sequences").get(0));
        int[] ids = polyLm.generate(request(fixture)).sequences().get(0).ids();
        int[] found = Arrays.copyOf(ids, expected.length);
        for (int i = 0; i < expected.length; i++) {
          equal += found[i] == expected[i] ? 1 : 0;
        }
        all += expected.length;
      }
    }
    assertThat(all).isPositive();
    return (double) equal / all;
  }

  static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  static int[] ints(JsonNode array) {
    return list(array).stream().mapToInt(JsonNode::intValue).toArray();
  }

  static double[] doubles(JsonNode array) {
    return list(array).stream().mapToDouble(JsonNode::doubleValue).toArray();
  }
}

package dev.polylm.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.logits.Workspace;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Hugging Face's whole chain made of random logits under random settings, so that order and
 * conditions of the processors show: chains.json.
 */
class ChainsFixtureTest {
  private static final Workspace WORKSPACE = new Workspace();

  static List<JsonNode> cases() throws IOException {
    return ProcessorCases.read("/chains.json");
  }

  @Test
  void holdsEveryCase() throws IOException {
    assertThat(cases()).hasSize(150);
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("cases")
  void agreesWithHuggingFace(JsonNode example) {
    float[] logits = ProcessorCases.floats(example.get("logits"));
    GenerationConfig config =
        GenerationConfig.fromJson(example.get("config").toString())
            .over(GenerationConfig.builder().build());

    ConfiguredProcessors.of(config, example.get("max_length").intValue(), logits.length)
        .build()
        .process(ProcessorCases.row(example), logits, WORKSPACE);

    // A temperature below 1 makes logits of 80, whose last bit is worth nearly 1e-5.
    ProcessorCases.assertClose(logits, ProcessorCases.floats(example.get("expected")), 2e-5);
  }
}

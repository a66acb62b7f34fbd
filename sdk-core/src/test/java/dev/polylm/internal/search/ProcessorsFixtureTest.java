package dev.polylm.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.logits.ProcessorChain;
import dev.polylm.internal.logits.Workspace;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each of Hugging Face's processors made of random logits: processors.json. */
class ProcessorsFixtureTest {
  private static final Set<String> SAMPLING =
      Set.of(
          "temperature",
          "top_k",
          "top_p",
          "min_p",
          "typical_p",
          "epsilon_cutoff",
          "eta_cutoff",
          "top_h");

  /** Shared by all cases, so that what one leaves behind would show in the next. */
  private static final Workspace WORKSPACE = new Workspace();

  static List<JsonNode> cases() throws IOException {
    return ProcessorCases.read("/processors.json");
  }

  @Test
  void holdsEveryCase() throws IOException {
    assertThat(cases()).hasSize(135);
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("cases")
  void agreesWithHuggingFace(JsonNode example) {
    float[] logits = ProcessorCases.floats(example.get("logits"));
    ProcessorChain chain = chain(example, logits.length);

    assertThat(chain.isEmpty()).isFalse();
    chain.process(ProcessorCases.row(example), logits, WORKSPACE);
    ProcessorCases.assertClose(logits, ProcessorCases.floats(example.get("expected")), 1e-5);
  }

  private static ProcessorChain chain(JsonNode example, int vocabSize) {
    ObjectNode settings = example.get("parameters").deepCopy();
    String name = example.get("name").textValue();
    if (SAMPLING.contains(name)) {
      settings.put("do_sample", true);
      if (!name.equals("top_k")) {
        settings.put("top_k", 0);
      }
    }
    GenerationConfig config =
        GenerationConfig.fromJson(settings.toString()).over(GenerationConfig.builder().build());
    int maxLength = config.maxLength(example.get("prompt_length").intValue(), 1000);
    return ConfiguredProcessors.of(config, maxLength, vocabSize).build();
  }
}

package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLm;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.model.GraphKind;
import dev.polylm.scoring.Score;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The SDK on a portable graph, held to Hugging Face and to the fused graph. */
final class PortableGraphTest {
  @TempDir private static Path folder;
  private static PolyLm portable;
  private static PolyLm fused;

  @BeforeAll
  static void open() {
    portable = open(WeightType.FP32, GraphKind.PORTABLE);
    fused = PolyLm.openEmbedded();
  }

  private static PolyLm open(WeightType weights, GraphKind graph) {
    ExportOptions options =
        ExportOptions.builder(Fixtures.CHECKPOINT, folder.resolve(weights + "-" + graph))
            .weights(weights)
            .graph(graph)
            .verify(false)
            .build();
    return PolyLm.open(Exporter.export(options, ExportListener.NONE).directory());
  }

  @AfterAll
  static void close() {
    portable.close();
    fused.close();
  }

  /** All at once, so that rows of different lengths share runs: greedy search, beams, penalties. */
  @Test
  void manyRequestsAtOnceGiveWhatHuggingFaceGives() {
    List<GenerationHandle> handles = new ArrayList<>();
    List<JsonNode> fixtures = Fixtures.searches();
    fixtures.forEach(fixture -> handles.add(portable.start(Fixtures.request(fixture))));
    for (int i = 0; i < handles.size(); i++) {
      List<GeneratedSequence> sequences = handles.get(i).result().sequences();
      JsonNode expected = fixtures.get(i).get("sequences");
      for (int sequence = 0; sequence < sequences.size(); sequence++) {
        assertThat(sequences.get(sequence).ids())
            .as(fixtures.get(i).get("name").textValue())
            .isEqualTo(Fixtures.ints(expected.get(sequence)));
      }
    }
    assertThat(handles).hasSizeGreaterThan(50);
  }

  @Test
  void logProbabilitiesAreThoseOfTheFusedGraph() {
    GenerationRequest request =
        GenerationRequest.ofPrompt(
                "Beijing is the capital of China.\nTranslate this sentence from English to Thai.")
            .withConfig(GenerationConfig.builder().maxNewTokens(20).outputLogprobs(true).build());
    float[] found = portable.generate(request).sequences().get(0).tokenLogprobs();
    float[] expected = fused.generate(request).sequences().get(0).tokenLogprobs();
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-4f));
    }
  }

  @Test
  void scoresAndPerplexitiesAreThoseOfTheFusedGraph() {
    List<String> continuations = List.of(" Peking", " Paris is the capital of France.", "。");
    List<Score> found = portable.score("The capital of China is", continuations);
    List<Score> expected = fused.score("The capital of China is", continuations);
    for (int i = 0; i < continuations.size(); i++) {
      assertThat(found.get(i).sum()).isCloseTo(expected.get(i).sum(), within(1e-3));
    }
    String text = "Paris is the capital of France. ".repeat(100); // longer than the context
    assertThat(portable.perplexity(text, 128)).isCloseTo(fused.perplexity(text, 128), within(1e-3));
  }

  /** Drafts are read with all of their logits. */
  @Test
  void promptLookupGivesWhatGreedyGives() {
    int[] repeated = new int[60];
    Arrays.setAll(repeated, i -> 300 + i % 4);
    GenerationConfig config = GenerationConfig.builder().maxNewTokens(40).minNewTokens(40).build();
    GenerationRequest greedy = GenerationRequest.ofIds(repeated).withConfig(config);
    GenerationRequest lookup =
        greedy.withConfig(config.toBuilder().promptLookupNumTokens(6).build());
    assertThat(portable.generate(lookup).draftCounts().drafted()).isPositive();
    assertThat(portable.generate(lookup).sequences().get(0).ids())
        .isEqualTo(portable.generate(greedy).sequences().get(0).ids());
  }

  /**
   * The weights are the same, but for int4's embedding, which has 8 bits in a portable graph and
   * loses less: it is held to fp32 as well.
   */
  @ParameterizedTest
  @CsvSource({"FP16, 0.02, 0.001", "INT8, 0.001, 0.01", "INT4, 0.5, 0.1"})
  void otherWeightsGiveWhatTheyGiveInAFusedGraph(
      WeightType weights, double scoreTolerance, double perplexityTolerance) {
    List<String> continuations = List.of(" Peking", " Paris is the capital of France.", "。");
    String text = "Paris is the capital of France. ".repeat(20);
    try (PolyLm one = open(weights, GraphKind.PORTABLE);
        PolyLm other = open(weights, GraphKind.FUSED)) {
      List<Score> found = one.score("The capital of China is", continuations);
      List<Score> expected = other.score("The capital of China is", continuations);
      for (int i = 0; i < continuations.size(); i++) {
        assertThat(found.get(i).sum()).isCloseTo(expected.get(i).sum(), within(scoreTolerance));
      }
      assertThat(Math.log(one.perplexity(text, 128) / other.perplexity(text, 128)))
          .isCloseTo(0, within(perplexityTolerance));
      assertThat(meanDistanceFromFp32(one)).isLessThan(0.015); // int4: 0.007, fused 0.018
    }
  }

  /** Of the logarithms of perplexities, over the texts that Hugging Face scored. */
  private static double meanDistanceFromFp32(PolyLm model) {
    return Fixtures.list(Fixtures.read("scores.json").get("perplexity")).stream()
        .map(fixture -> fixture.get("text").textValue())
        .mapToDouble(text -> Math.log(model.perplexity(text) / fused.perplexity(text)))
        .map(Math::abs)
        .average()
        .orElseThrow();
  }
}

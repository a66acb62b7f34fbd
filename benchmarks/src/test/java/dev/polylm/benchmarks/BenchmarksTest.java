package dev.polylm.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.polylm.Placement;
import dev.polylm.PolyLm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is timed is right. */
class BenchmarksTest {
  @TempDir private Path folder;

  @Test
  void texts() {
    TextBenchmark benchmark = new TextBenchmark();
    benchmark.prepare();
    try {
      assertThat(benchmark.decodeText()).isEqualTo(TextBenchmark.TEXT.repeat(TextBenchmark.COPIES));
      assertThat(benchmark.encodeText()).hasSizeGreaterThan(10 * TextBenchmark.COPIES);
      assertThat(benchmark.greedyStep()).hasSize(TextBenchmark.NEW_TOKENS);
    } finally {
      benchmark.close();
    }
  }

  @Test
  void aDeviceIsComparedWithTheCpu() {
    try (PolyLm polyLm = PolyLm.openEmbedded();
        PolyLm cpu = PolyLm.openEmbedded()) {
      assertThat(GpuCheck.same(polyLm, cpu))
          .isEqualTo(
              "65 sequences of greedy search, beams, batches and a conversation are the CPU's");
    }
  }

  @Test
  void whatAGpuCanRunMustNotBeOnTheCpu() {
    TreeMap<String, Integer> none = new TreeMap<>();
    TreeMap<String, Integer> attention = new TreeMap<>(Map.of("GroupQueryAttention", 6));
    GpuCheck.checkPlaces(new Placement("cuda:0", "cuda:0", none, null));
    assertThatThrownBy(
            () -> GpuCheck.checkPlaces(new Placement("cuda:0", "cuda:0", attention, null)))
        .hasMessage(
            "on the CPU, expected on cuda:0: nodes {GroupQueryAttention=6}, cache on cuda:0");
    assertThatThrownBy(() -> GpuCheck.checkPlaces(new Placement("cuda:0", "cpu", none, null)))
        .hasMessage("on the CPU, expected on cuda:0: nodes {}, cache on cpu");
  }

  @Test
  void tokenizers() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      TokenizerBenchmark benchmark =
          new TokenizerBenchmark(polyLm.tokenizer(), List.of("Beijing", "is the capital."));
      int ids = polyLm.tokenizer().encode("Beijing").length;
      assertThat(benchmark.encodeTexts())
          .isEqualTo(ids + polyLm.tokenizer().encode("is the capital.").length);
      assertThat(benchmark.encodeLong()).isBetween(10_000, 100_000);
      assertThat(benchmark.encodeLongest()).isBetween(100_000, 1_000_000);
      assertThat(benchmark.encodeOneLetter()).isBetween(60_000, 1_000_000);
      assertThat(benchmark.milliseconds(1, benchmark::encodeTexts)).isNotNegative();
    }
  }

  @Test
  void openings() throws IOException {
    AtomicReference<PolyLm> opened = new AtomicReference<>();

    OpeningBenchmark.Cost cost =
        OpeningBenchmark.measure(
            () -> {
              opened.set(PolyLm.openEmbedded());
              return opened.get();
            });

    assertThat(cost.seconds()).isPositive();
    assertThat(cost.computed()).isNotNegative();
    assertThat(cost).asString().endsWith(" MB resident");
    assertThatThrownBy(() -> opened.get().generate("Beijing")).hasMessageContaining("closed");
  }

  @Test
  void evaluations() throws IOException {
    List<EvaluationBenchmark.Item> items = EvaluationBenchmark.items(12);
    EvaluationBenchmark.writeXnli(items, folder);
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      int right = 0;
      for (EvaluationBenchmark.Item item : items) {
        int[] begin = {polyLm.tokenizer().bosTokenId()};
        double[] likelihoods =
            item.options().stream()
                .map(polyLm.tokenizer()::encode)
                .mapToDouble(ids -> polyLm.score(begin, ids).perToken())
                .toArray();
        int gold = List.of("entailment", "neutral", "contradiction").indexOf(item.label());
        double best = Arrays.stream(likelihoods).max().orElseThrow();
        right += likelihoods[gold] == best ? 1 : 0;
      }
      assertThat(EvaluationBenchmark.evaluate(polyLm, folder, folder.resolve("report")))
          .isCloseTo(100 * right / 12.0, within(1e-9));
      assertThat(EvaluationBenchmark.scoreAlone(polyLm, items))
          .isCloseTo(100 * right / 12.0, within(1e-9));
    }
  }

  @Test
  void samplers() {
    SamplingBenchmark benchmark = new SamplingBenchmark();
    benchmark.spread = 3;
    benchmark.fill();
    float[] logits = benchmark.copyOnly().clone();
    int best = benchmark.greedy();
    for (float logit : logits) {
      assertThat(logit).isLessThanOrEqualTo(logits[best]);
    }
    int drawn = benchmark.temperatureTopK50TopP09();
    long above = 0;
    for (float logit : logits) {
      above += logit > logits[drawn] ? 1 : 0;
    }
    assertThat(above).isLessThan(50);
    float sum = 0;
    for (float logprob : benchmark.logSoftmax()) {
      sum += (float) Math.exp(logprob);
    }
    assertThat(sum).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-2f));
  }

  @Test
  void engine() {
    try (EngineBenchmark benchmark = new EngineBenchmark(PolyLm.openEmbedded())) {
      assertThat(benchmark.measure(1))
          .hasSize(4)
          .allSatisfy(ratio -> assertThat(ratio.value()).isPositive().isFinite());
    }
  }

  @Test
  void constraints() throws IOException {
    Path model = Path.of("../examples/polylm-tiny/checkpoint/tokenizer.model");
    ConstraintBenchmark benchmark = new ConstraintBenchmark(SentencePieceVocabulary.read(model));
    String file =
        """
        {"schema": {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object",
                    "properties": {"a": {"type": "integer", "maximum": 3}}},
         "tests": [{"valid": true, "data": {"a": 2, "b": ["x", null]}},
                   {"valid": false, "data": {"a": 2.0}}, {"valid": false, "data": {"a": 4}}]}\
        """;
    benchmark.run(ConstraintBenchmark.read(Files.writeString(folder.resolve("schema.json"), file)));
    assertThat(benchmark.passed()).isEqualTo(1);
    assertThat(benchmark.letThrough()).isZero();
    assertThat(benchmark.report()).contains("1 schemas, 1 passed (100.0%)");
  }

  @Test
  void jsonAnswers() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      JsonAnswerBenchmark.Costs costs = new JsonAnswerBenchmark(polyLm, 40).measure(1);
      assertThat(costs.free()).isPositive();
      assertThat(costs.text()).isPositive();
      assertThat(costs.records()).isPositive();
      assertThat(costs.drafts().drafted()).isPositive();
      assertThat(costs).asString().startsWith("ms a token: free ");
    }
  }

  @Test
  void load() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      EngineLoad load = new EngineLoad(polyLm);
      Random random = new Random(1);
      for (int i = 0; i < 5; i++) {
        load.ask(random);
      }
      assertThat(load.tokens()).isPositive();
    }
  }
}

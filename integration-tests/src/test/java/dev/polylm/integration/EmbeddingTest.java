package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.export.CalibrationMode;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.model.GraphKind;
import dev.polylm.model.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds embeddings to the hidden states of Hugging Face; see make_embeddings.py. */
final class EmbeddingTest {
  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  static List<JsonNode> texts() {
    return Fixtures.list(Fixtures.read("embeddings.json"));
  }

  private static String text(JsonNode fixture) {
    return fixture.get("text").textValue();
  }

  /** The mean, scaled to length 1. */
  private static double[] expected(JsonNode fixture) {
    double[] mean = Fixtures.doubles(fixture.get("mean"));
    double length = Math.sqrt(dot(mean, mean));
    return Arrays.stream(mean).map(value -> value / length).toArray();
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  private static double[] doubles(float[] vector) {
    return IntStream.range(0, vector.length).mapToDouble(i -> vector[i]).toArray();
  }

  private static void assertHuggingFaces(float[] embedding, JsonNode fixture, double delta) {
    double[] expected = expected(fixture);
    assertThat(embedding).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) embedding[i]).as("%d", i).isCloseTo(expected[i], within(delta));
    }
  }

  @ParameterizedTest
  @MethodSource("texts")
  void anEmbeddingIsTheMeanOfHuggingFacesHiddenStates(JsonNode fixture) {
    assertThat(polyLm.tokenizer().encodePrompt(text(fixture), false))
        .isEqualTo(Fixtures.ints(fixture.get("ids")));
    float[] embedding = polyLm.embed(text(fixture));
    assertThat(embedding).hasSize(polyLm.embeddingSize()).hasSize(256);
    assertHuggingFaces(embedding, fixture, 1e-5);
    assertThat(dot(doubles(embedding), doubles(embedding))).isCloseTo(1, within(1e-6));
  }

  /** In whatever chunks they are read, the same ones again, and beside requests for text. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 512})
  void manyTextsBesideOtherRequestsAreThose(int chunk) {
    PolyLmOptions options = PolyLmOptions.builder().promptChunk(chunk).maxRows(4).build();
    GenerationRequest request =
        GenerationRequest.ofPrompt("Paris is the capital of France. Paris is the capital of")
            .withConfig(GenerationConfig.builder().maxNewTokens(60).minNewTokens(60).build());
    String alone = polyLm.generate(request).text();
    List<JsonNode> fixtures = new ArrayList<>(texts().subList(24, texts().size()));
    fixtures.addAll(fixtures.subList(0, 5));
    try (PolyLm own = PolyLm.openEmbedded(options)) {
      List<GenerationHandle> handles =
          IntStream.range(0, 6).mapToObj(i -> own.start(request)).toList();
      List<float[]> embeddings = own.embed(fixtures.stream().map(EmbeddingTest::text).toList());
      assertThat(embeddings).hasSameSizeAs(fixtures);
      for (int i = 0; i < fixtures.size(); i++) {
        assertHuggingFaces(embeddings.get(i), fixtures.get(i), 1e-5);
      }
      assertThat(handles).extracting(handle -> handle.result().text()).containsOnly(alone);
    }
  }

  @Test
  void manyThreadsEmbedAtOnce() {
    IntStream.range(0, 4)
        .parallel()
        .forEach(
            thread ->
                texts().forEach(text -> assertHuggingFaces(polyLm.embed(text(text)), text, 1e-5)));
  }

  @Test
  void noTextsHaveNoEmbeddings() {
    assertThat(polyLm.embed(List.of())).isEmpty();
  }

  @Test
  void whatHasNoEmbeddingIsRefused() {
    assertThatThrownBy(() -> polyLm.embed(""))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("text 0 has 0 ids, expected 1 to 512, the model's context");
    assertThatThrownBy(() -> polyLm.embed(List.of("a", "2".repeat(512))))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("text 1 has 513 ids, expected 1 to 512, the model's context");
    assertThat(polyLm.embed("2".repeat(511))).hasSize(256);
  }

  @Test
  void aClosedModelEmbedsNothing() {
    PolyLm closed = polyLm.share();
    closed.close();
    assertThatThrownBy(() -> closed.embed("a"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the model is closed");
  }

  @Test
  void anInterruptCancels() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> polyLm.embed("a"))
        .isInstanceOf(CancellationException.class)
        .hasMessage("the embedding was cancelled");
    assertThat(Thread.interrupted()).isTrue();
  }

  /** The most that an embedding may need is counted before it is let in. */
  @Test
  void anEngineWithoutTheMemoryRefuses() {
    PolyLmOptions options = PolyLmOptions.builder().keyValueBytes(1 << 20).build();
    try (PolyLm small = PolyLm.openEmbedded(options)) {
      assertThat(small.embed("a")).hasSize(256);
      assertThatThrownBy(() -> small.embed("2".repeat(400)))
          .isInstanceOf(PolyLmException.class)
          .hasMessageStartingWith("the request may need 1 rows of 448 positions, ");
    }
  }

  @ParameterizedTest
  @EnumSource(WeightType.class)
  void anyTypeOfWeightsHasHiddenStates(WeightType type, @TempDir Path folder) {
    ExportOptions options =
        ExportOptions.builder(Fixtures.CHECKPOINT, folder.resolve("model"))
            .weights(type)
            .calibration(CalibrationMode.OFF)
            .verify(false)
            .build();
    try (PolyLm own = PolyLm.open(Exporter.export(options, ExportListener.NONE).directory())) {
      JsonNode fixture = texts().get(0);
      double cosine = dot(doubles(own.embed(text(fixture))), expected(fixture));
      assertThat(cosine).isBetween(type == WeightType.INT4 ? 0.98 : 0.9995, 1.00001);
    }
  }

  /** A graph as exporters wrote it that knew of logits only. */
  @Test
  void anOlderGraphHasNone(@TempDir Path folder) throws Exception {
    try (ModelDirectory model = ModelDirectory.openEmbedded()) {
      Manifest manifest = model.manifest();
      for (String name : manifest.files().keySet()) {
        Files.copy(model.file(name), folder.resolve(name));
      }
      byte[] graph = withoutHiddenStates(Files.readAllBytes(folder.resolve(ModelDirectory.GRAPH)));
      Files.write(folder.resolve(ModelDirectory.GRAPH), graph);
      long before = manifest.files().get(ModelDirectory.GRAPH).bytes();
      String json =
          manifest.toJson().replace("\"bytes\" : " + before, "\"bytes\" : " + graph.length);
      Files.writeString(folder.resolve(Manifest.FILE_NAME), json);
    }
    PolyLmOptions unverified = PolyLmOptions.builder().verify(PolyLmOptions.Verify.NONE).build();
    try (PolyLm older = PolyLm.open(folder, unverified)) {
      assertThatThrownBy(() -> older.embed("a"))
          .isInstanceOf(PolyLmException.class)
          .hasMessage(
              "an older exporter wrote the model's graph, which gives no hidden states; embeddings need them: export the checkpoint again");
      assertThat(older.generate("a")).isEqualTo(polyLm.generate("a"));
    }
  }

  private static byte[] withoutHiddenStates(byte[] bytes) throws Exception {
    ModelProto.Builder model = ModelProto.parseFrom(bytes).toBuilder();
    List<String> outputs =
        model.getGraph().getOutputList().stream().map(ValueInfoProto::getName).toList();
    model.getGraphBuilder().removeOutput(outputs.indexOf("last_hidden_state"));
    return model.build().toByteArray();
  }

  @Test
  void aPortableGraphHasNone(@TempDir Path folder) {
    ExportOptions options =
        ExportOptions.builder(Fixtures.CHECKPOINT, folder.resolve("model"))
            .weights(WeightType.FP32)
            .graph(GraphKind.PORTABLE)
            .verify(false)
            .build();
    try (PolyLm portable = PolyLm.open(Exporter.export(options, ExportListener.NONE).directory())) {
      String sentence =
          "the model's graph is portable and gives no hidden states, which embeddings need: export it as a fused graph";
      assertThatThrownBy(() -> portable.embed("a"))
          .isInstanceOf(PolyLmException.class)
          .hasMessage(sentence);
      assertThatThrownBy(portable::embeddingSize).hasMessage(sentence);
      assertThat(portable.generate("a")).isNotNull();
    }
  }
}

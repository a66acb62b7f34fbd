package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLmException;
import dev.polylm.internal.adapter.AdapterFile;
import dev.polylm.internal.adapter.AdapterMatrix;
import dev.polylm.model.AdapterFacts;
import dev.polylm.model.GraphKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Graphs that take adapters as inputs, against Hugging Face's model with PEFT's adapter merged. The
 * runs are bare ONNX Runtime's.
 */
class RunTimeAdapterTest {
  private static final Path ADAPTERS = Path.of("src/test/resources/adapters");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RANK = 8;

  @TempDir private Path folder;

  /** An adapter of PEFT's, and what Hugging Face's model gives with it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Reference(String base, long[] ids, float[][] logits, List<AdapterMatrix> file) {}

  private Reference reference(String name) throws IOException {
    JsonNode json = JSON.readTree(ADAPTERS.resolve(name).resolve("reference.json").toFile());
    Path file = folder.resolve(name + ".adapter");
    AdapterExporter.export(ADAPTERS.resolve(name), file, true);
    return new Reference(
        json.get("base").textValue(),
        JSON.convertValue(json.get("input_ids"), long[].class),
        JSON.convertValue(json.get("logits"), float[][].class),
        AdapterFile.read(file, shapes -> {}));
  }

  private Path export(String base) {
    return export(base, new AdapterFacts(RANK, 2));
  }

  private Path export(String base, AdapterFacts adapters) {
    ExportOptions options =
        ExportOptions.builder(ReferenceModel.FIXTURES.resolve(base), folder.resolve(base))
            .weights(WeightType.FP32)
            .tokenizer(false)
            .runTimeAdapters(adapters)
            .build();
    return Exporter.export(options, ExportListener.NONE).directory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora", "lora-rslora", "patterns"})
  void logitsAreThoseOfTheMergedModel(String name) throws Exception {
    Reference reference = reference(name);
    try (OrtModel model = new OrtModel(export(reference.base()), 1, 32)) {
      put(model, List.of(reference));
      model.put("adapter_slots", 1);
      check(model.run(reference.ids(), 0), 0, reference.logits());
    }
  }

  @Test
  void rowsOfOneRunHaveTheirOwnAdapters() throws Exception {
    Reference lora = reference("lora");
    Reference patterns = reference("patterns");
    ReferenceModel plain = ReferenceModel.of(lora.base());
    long[][] prompts = {lora.ids(), plain.prompt(), patterns.ids(), lora.ids()};
    int longest = Arrays.stream(prompts).mapToInt(ids -> ids.length).max().orElseThrow();
    int[] valid = Arrays.stream(prompts).mapToInt(ids -> ids.length).toArray();
    long[][] padded =
        Arrays.stream(prompts).map(ids -> Arrays.copyOf(ids, longest)).toArray(long[][]::new);
    try (OrtModel model = new OrtModel(export(lora.base()), 4, 64)) {
      put(model, List.of(lora, patterns));
      model.put("adapter_slots", 1, 0, 2, 1);
      float[][] logits = model.run(padded, new int[4], valid);
      check(logits, 0, lora.logits());
      float[][] expected = new float[valid[1]][];
      Arrays.setAll(expected, plain::logitsAt);
      check(logits, longest, expected);
      check(logits, 2 * longest, patterns.logits());
      check(logits, 3 * longest, lora.logits());
    }
  }

  /** One adapter changes the head, another does not, and rows of logits have either or none. */
  @Test
  void theHeadChangesTooWhereAsked() throws Exception {
    Reference head = reference("lora-head");
    Reference patterns = reference("patterns");
    assertThat(head.base()).isEqualTo(patterns.base());
    ReferenceModel plain = ReferenceModel.of(head.base());
    long[][] prompts = {head.ids(), plain.prompt(), patterns.ids()};
    int longest = Arrays.stream(prompts).mapToInt(ids -> ids.length).max().orElseThrow();
    int[] valid = Arrays.stream(prompts).mapToInt(ids -> ids.length).toArray();
    long[][] padded =
        Arrays.stream(prompts).map(ids -> Arrays.copyOf(ids, longest)).toArray(long[][]::new);
    Path folderOfModel = export(head.base(), new AdapterFacts(RANK, 2, true));
    assertThat(Files.readString(folderOfModel.resolve("manifest.json")))
        .contains("\"head\" : true");
    try (OrtModel model = new OrtModel(folderOfModel, 3, 64)) {
      put(model, List.of(head, patterns));
      int width = model.dimensions().hiddenSize();
      stack(model, List.of(head, patterns), "lm_head", width, model.dimensions().vocabSize());
      model.put("adapter_slots", 1, 0, 2);
      long[] ofLogits = new long[3 * longest];
      Arrays.setAll(ofLogits, row -> new long[] {1, 0, 2}[row / longest]);
      model.put("adapter_logits_slots", ofLogits);
      float[][] logits = model.run(padded, new int[3], valid);
      check(logits, 0, head.logits());
      float[][] expected = new float[valid[1]][];
      Arrays.setAll(expected, plain::logitsAt);
      check(logits, longest, expected);
      check(logits, 2 * longest, patterns.logits());
    }
    try (OrtModel model = new OrtModel(folderOfModel, 1, 32)) {
      put(model, List.of(head));
      int width = model.dimensions().hiddenSize();
      stack(model, List.of(head), "lm_head", width, model.dimensions().vocabSize());
      model.put("adapter_slots", 1);
      model.put("adapter_logits_slots", 1);
      check(model.run(head.ids(), 0), 0, head.logits());
    }
  }

  @Test
  void theHeadItselfIsLeftOutOfTheFile() {
    AdapterExporter.Report report =
        AdapterExporter.export(ADAPTERS.resolve("lora-head"), folder.resolve("a"), false);
    assertThat(report.matrices()).isEqualTo(3);
    assertThat(report.warnings())
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .endsWith(
                        "base_model.model.lm_head.base_layer.weight is left out: the head of the"
                            + " model that loads the adapter must be the same"));
  }

  /** Stacks adapters from slot 1 on. Slot 0 has zeros. */
  private static void put(OrtModel model, List<Reference> references) throws OrtException {
    int width = model.dimensions().hiddenSize();
    for (int layer = 0; layer < model.dimensions().layers(); layer++) {
      stack(model, references, "h." + layer + ".attn.c_attn", width, 3 * width);
      stack(model, references, "h." + layer + ".attn.c_proj", width, width);
      stack(model, references, "h." + layer + ".mlp.c_fc", width, 4 * width);
      stack(model, references, "h." + layer + ".mlp.c_proj", 4 * width, width);
    }
  }

  private static void stack(
      OrtModel model, List<Reference> references, String name, int in, int out)
      throws OrtException {
    int slots = references.size() + 1;
    float[] a = new float[slots * in * RANK];
    float[] b = new float[slots * RANK * out];
    for (int slot = 1; slot < slots; slot++) {
      for (AdapterMatrix matrix : references.get(slot - 1).file()) {
        if (matrix.shape().name().equals(name)) {
          int rank = matrix.shape().rank();
          for (int i = 0; i < in; i++) {
            System.arraycopy(matrix.a(), i * rank, a, (slot * in + i) * RANK, rank);
          }
          System.arraycopy(matrix.b(), 0, b, slot * RANK * out, rank * out);
        }
      }
    }
    model.put(name + ".lora_A", a, slots, in, RANK);
    model.put(name + ".lora_B", b, slots, RANK, out);
  }

  private static void check(float[][] logits, int from, float[][] expected) {
    for (int position = 0; position < expected.length; position++) {
      for (int id = 0; id < expected[position].length; id++) {
        assertThat(logits[from + position][id]).isCloseTo(expected[position][id], within(1e-4f));
      }
    }
  }

  @Test
  void theManifestSaysWhatTheGraphAllowsAndElseNothing() throws Exception {
    Path with = export("safetensors-fp32");
    assertThat(Files.readString(with.resolve("manifest.json")))
        .contains("\"max_rank\" : 8")
        .contains("\"slots\" : 2");

    ExportOptions options =
        ExportOptions.builder(
                ReferenceModel.FIXTURES.resolve("safetensors-fp32"), folder.resolve("without"))
            .weights(WeightType.FP32)
            .tokenizer(false)
            .build();
    Path without = Exporter.export(options, ExportListener.NONE).directory();
    assertThat(Files.readString(without.resolve("manifest.json"))).doesNotContain("adapters");
    assertThat(Files.readAllBytes(without.resolve("model.onnx.data")))
        .isEqualTo(Files.readAllBytes(with.resolve("model.onnx.data")));
    try (OrtModel model = new OrtModel(without, 1, 32)) {
      ReferenceModel plain = ReferenceModel.of("safetensors-fp32");
      float[][] expected = new float[plain.prompt().length][];
      Arrays.setAll(expected, plain::logitsAt);
      check(model.run(plain.prompt(), 0), 0, expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "saved-head, 'replaces lm_head.weight, which can''t change at run time'",
    "saved-embedding, 'replaces transformer.wte.weight, which can''t change at run time'",
    "saved-norm, 'replaces transformer.ln_f.bias, which can''t change at run time'",
    "bias-all, 'replaces transformer.h.0.attn.c_attn.bias, which can''t change at run time'",
  })
  void whatChangesMoreThanTheMatricesIsRefusedByName(String name, String message) {
    Path file = folder.resolve("refused.adapter");
    assertThatThrownBy(() -> AdapterExporter.export(ADAPTERS.resolve(name), file, false))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("merge the adapter with polylm export --adapter");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void doraIsRefusedByName() throws IOException {
    Path dora = Files.createDirectory(folder.resolve("dora"));
    String config = Files.readString(ADAPTERS.resolve("lora").resolve("adapter_config.json"));
    Files.writeString(
        dora.resolve("adapter_config.json"),
        config.replace("\"use_dora\": false", "\"use_dora\": true"));
    assertThatThrownBy(() -> AdapterExporter.export(dora, folder.resolve("a"), false))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("use_dora is true");
  }

  @Test
  void anExistingFileIsReplacedOnlyByForce() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.adapter"), "mine");
    assertThatThrownBy(() -> AdapterExporter.export(ADAPTERS.resolve("lora"), file, false))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(file + ": exists already, expected a new file or force");
    AdapterExporter.Report report = AdapterExporter.export(ADAPTERS.resolve("lora"), file, true);
    assertThat(report.rank()).isEqualTo(4);
    assertThat(report.bytes()).isEqualTo(Files.size(file));
    assertThat(AdapterFile.read(file, shapes -> {})).hasSize(report.matrices());
  }

  /** No name beside the file is the export's own, so another export's file stays too. */
  @Test
  void filesBesideItStay() throws IOException {
    Path other = Files.writeString(folder.resolve("mine.adapter.incomplete"), "another's");
    AdapterExporter.export(ADAPTERS.resolve("lora"), folder.resolve("mine.adapter"), false);
    assertThat(other).hasContent("another's");
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("mine.adapter", "mine.adapter.incomplete");
  }

  @Test
  void onlyFusedGraphsOf32BitsTakeAdapters() {
    assertThatThrownBy(() -> export(GraphKind.PORTABLE, WeightType.FP32))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the graph is portable and takes adapters at run time, expected a fused graph");
    assertThatThrownBy(() -> export(GraphKind.FUSED, WeightType.FP16))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("activations are fp16 in a graph with adapters at run time, expected fp32");
    assertThatThrownBy(() -> new AdapterFacts(0, 8))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the highest rank of an adapter is 0, expected 1 to 1024");
    assertThat(folder).isEmptyDirectory();
  }

  private void export(GraphKind graph, WeightType weights) {
    Path base = ReferenceModel.FIXTURES.resolve("safetensors-fp32");
    ExportOptions options =
        ExportOptions.builder(base, folder.resolve("m"))
            .graph(graph)
            .weights(weights)
            .tokenizer(false)
            .runTimeAdapters(new AdapterFacts(RANK, 2))
            .build();
    Exporter.export(options, ExportListener.NONE);
  }
}

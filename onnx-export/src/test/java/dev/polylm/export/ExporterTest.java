package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.export.tokenizer.ModelBytes;
import dev.polylm.model.FileFacts;
import dev.polylm.model.Manifest;
import dev.polylm.model.ModelDimensions;
import dev.polylm.model.TokenizerFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExporterTest {
  private static final Path FIXTURE = ReferenceModel.FIXTURES.resolve("safetensors-fp32");
  @TempDir private Path folder;
  private Path checkpoint;
  private Path output;

  @BeforeEach
  void copyFixture() throws IOException {
    checkpoint = Files.createDirectory(folder.resolve("tiny-chat"));
    output = folder.resolve("exports").resolve("tiny");
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(FIXTURE.resolve(name), checkpoint.resolve(name));
    }
  }

  private ExportOptions.Builder options() {
    return ExportOptions.builder(checkpoint, output).weights(WeightType.FP32).tokenizer(false);
  }

  private static ExportReport export(ExportOptions.Builder options) {
    return Exporter.export(options.build(), ExportListener.NONE);
  }

  @Test
  void theManifestTellsWhatWasMadeOfWhat() throws Exception {
    ExportReport report = export(options());

    Manifest manifest = Manifest.fromJson(Files.readString(output.resolve("manifest.json")));
    assertThat(report.manifest()).isEqualTo(manifest);
    assertThat(report.directory()).isEqualTo(output.toRealPath());
    assertThat(manifest.name()).isEqualTo("tiny-chat");
    assertThat(manifest.graph()).isEqualTo("fused");
    assertThat(manifest.weights()).isEqualTo("fp32");
    assertThat(manifest.kvCache()).isEqualTo("fp32");
    assertThat(manifest.promptForm()).isEqualTo("chat");
    assertThat(manifest.model()).isEqualTo(new ModelDimensions(320, 64, 2, 32, 2, 16));
    assertThat(manifest.tokenizer()).isNull();
    assertThat(manifest.sources()).containsOnlyKeys("config.json", "model.safetensors");
    assertThat(manifest.files())
        .containsOnlyKeys("generation_config.json", "model.onnx", "model.onnx.data");
    assertFacts(manifest.sources(), checkpoint);
    assertFacts(manifest.files(), output);
    assertThat(report.bytesRead()).isEqualTo(bytesIn(checkpoint));
    assertThat(report.bytesWritten()).isEqualTo(bytesIn(output));
    assertThat(report.duration()).isPositive();
  }

  @Test
  void theSameCheckpointGivesTheSameFiles() {
    Manifest first = export(options()).manifest();
    Manifest second = export(options().force(true)).manifest();

    assertThat(second).isEqualTo(first);
  }

  @Test
  void optionsOverrideWhatTheFoldersNameSays() {
    Manifest manifest = export(options().name("mine").promptForm("base")).manifest();

    assertThat(manifest.name()).isEqualTo("mine");
    assertThat(manifest.promptForm()).isEqualTo("base");
  }

  @Test
  void thePromptFormFollowsTheFoldersName() {
    assertThat(promptFormOf("polylm-multialpaca-13b")).isEqualTo("multialpaca");
    assertThat(promptFormOf("PolyLM-Chat-13B")).isEqualTo("chat");
    assertThat(promptFormOf("polylm-1.7b")).isEqualTo("base");
  }

  private static String promptFormOf(String name) {
    return ExportOptions.builder(Path.of(name), Path.of("out")).build().promptForm();
  }

  @Test
  void anUnknownPromptFormIsRefused() {
    assertThatThrownBy(() -> options().promptForm("alpaca"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("promptForm is alpaca, expected one of [base, multialpaca, chat]");
  }

  @Test
  void theListenerHearsOfEveryTensor() {
    List<String> names = new ArrayList<>();
    List<Long> done = new ArrayList<>();

    ExportReport report =
        Exporter.export(
            options().build(),
            (name, bytesDone, bytesTotal) -> {
              names.add(name);
              done.add(bytesDone);
              assertThat(bytesTotal).isGreaterThanOrEqualTo(bytesDone);
            });

    assertThat(names).hasSize(28).doesNotHaveDuplicates().contains("wte.weight", "ln_f.bias");
    assertThat(done)
        .isSorted()
        .last()
        .isEqualTo(report.manifest().files().get("model.onnx.data").bytes());
  }

  @Test
  void theListenerHearsOfPartsOfALargeTensor() throws IOException {
    Path large = folder.resolve("large");
    RandomCheckpoint.main(new String[] {large.toString(), "1", "256", "2", "20000", "8"});
    List<String> names = new ArrayList<>();

    Exporter.export(
        ExportOptions.builder(large, output).weights(WeightType.FP32).tokenizer(false).build(),
        (name, bytesDone, bytesTotal) -> names.add(name));

    assertThat(names).startsWith("wpe.weight").endsWith("ln_f.bias", "wte.weight", "wte.weight");
  }

  @Test
  void aWeightThatIsNotFiniteIsRefusedUnlessAllowed() throws IOException {
    Path file = checkpoint.resolve("model.safetensors");
    byte[] content = Files.readAllBytes(file);
    // The last element of the last tensor becomes infinite: FF 80 00 00.
    content[content.length - 1] = (byte) 0xff;
    content[content.length - 2] = (byte) 0x80;
    content[content.length - 3] = 0;
    content[content.length - 4] = 0;
    Files.write(file, content);

    assertThatThrownBy(() -> export(options()))
        .isInstanceOf(PolyLmException.class)
        .hasMessageMatching(
            "model\\.safetensors: tensor transformer\\.\\S+ holds -Infinity at element \\d+, "
                + "expected finite weights unless others are allowed");
    assertThat(entries(output.getParent())).isEmpty();

    assertThat(export(options().allowNonFinite(true)).manifest().files()).isNotEmpty();
  }

  @Test
  void theDiskMustHaveRoom() throws IOException {
    Path huge = Files.createDirectory(folder.resolve("huge"));
    Files.writeString(
        huge.resolve("config.json"),
        """
        {"model_type": "gpt2", "n_layer": 1, "n_head": 64, "n_embd": 16384, "n_positions": 8,
         "vocab_size": 100000000}""");
    RandomCheckpoint.sparse(huge);

    assertThatThrownBy(
            () ->
                Exporter.export(
                    ExportOptions.builder(huge, output)
                        .weights(WeightType.FP32)
                        .tokenizer(false)
                        .build(),
                    ExportListener.NONE))
        .isInstanceOf(PolyLmException.class)
        .hasMessageMatching(
            "output \\S+tiny needs 6,566,[0-9,]{11} bytes, but its disk has [0-9,]+ free");
    assertThat(output.getParent()).doesNotExist();
  }

  @Test
  void generationConfigIsTheCheckpoints() throws IOException {
    Files.writeString(checkpoint.resolve("generation_config.json"), "{\"eos_token_id\": [2, 7]}");

    Manifest manifest = export(options()).manifest();

    assertThat(output.resolve("generation_config.json")).hasContent("{\"eos_token_id\": [2, 7]}");
    assertThat(manifest.sources()).containsKey("generation_config.json");
  }

  @Test
  void generationConfigIsMadeOfConfigJson() throws IOException {
    export(options());
    assertThat(generationConfig()).isEqualTo("{\"bos_token_id\":1,\"eos_token_id\":2}");

    editConfig("\"eos_token_id\": 2,", "\"eos_token_id\": [2, 5],");
    editConfig("\"bos_token_id\": 1,", "\"bos_token_id\": null,");
    editConfig("\"pad_token_id\": null,", "\"pad_token_id\": 3,");
    export(options().force(true));
    assertThat(generationConfig()).isEqualTo("{\"eos_token_id\":[2,5],\"pad_token_id\":3}");

    editConfig("\"eos_token_id\": [2, 5],", "");
    editConfig("\"bos_token_id\": null,", "");
    export(options().force(true));
    assertThat(generationConfig())
        .isEqualTo("{\"bos_token_id\":1,\"eos_token_id\":2,\"pad_token_id\":3}");
  }

  private String generationConfig() throws IOException {
    return Files.readString(output.resolve("generation_config.json")).replaceAll("\\s", "");
  }

  @Test
  void aBadGenerationConfigIsRefused() throws IOException {
    Path file = checkpoint.resolve("generation_config.json");
    Files.writeString(file, "[2]");
    assertRefused(options(), "generation_config.json: is an array of 1, expected a JSON object");
    Files.writeString(file, "");
    assertRefused(options(), "generation_config.json: is empty, expected a JSON object");
    Files.writeString(file, "{\"num_beams\": 0}");
    assertRefused(options(), "generation_config.json: num_beams is 0, must be at least 1");
    Files.writeString(file, "[".repeat(100_000));
    assertThatThrownBy(() -> export(options()))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("generation_config.json: is not valid JSON: Document nesting depth");
    Files.writeString(file, " ".repeat(16_777_217));
    assertRefused(
        options(),
        "generation_config.json: is longer than 16777216 bytes, expected a small JSON file");
  }

  /** As transformers passes over it: no text ever ends by it. */
  @Test
  void aTokenIdOutsideTheVocabularyIsLeftOut() throws IOException {
    editConfig("\"eos_token_id\": 2,", "\"eos_token_id\": 50256,");
    assertThat(export(options()).warnings())
        .containsExactly(
            "config.json: eos_token_id names id 50256, which is outside the vocabulary of 320; it"
                + " was left out");
    assertThat(generationConfig()).isEqualTo("{\"bos_token_id\":1}");
    Files.writeString(
        checkpoint.resolve("generation_config.json"),
        "{\"eos_token_id\": [2, 50256], \"pad_token_id\": -1, \"suppress_tokens\": [320]}");
    assertThat(export(options().force(true)).warnings())
        .containsExactly(
            "generation_config.json: eos_token_id names id 50256, which is outside the vocabulary"
                + " of 320; it was left out",
            "generation_config.json: pad_token_id names id -1, which is outside the vocabulary of"
                + " 320; it was left out",
            "generation_config.json: suppress_tokens names id 320, which is outside the vocabulary"
                + " of 320; it was left out");
    assertThat(generationConfig()).isEqualTo("{\"eos_token_id\":[2]}");
  }

  @Test
  void aSettingThatNobodyKnowsIsLeftOut() throws IOException {
    Files.writeString(
        checkpoint.resolve("generation_config.json"),
        "{\"chat_format\": \"chatml\", \"top_k\": 0, \"m\\u001b[31m\": 1, \"use_cache\": true}");
    assertThat(export(options()).warnings())
        .containsExactly(
            "generation_config.json: chat_format is not a generation setting and was left out",
            "generation_config.json: m?[31m is not a generation setting and was left out");
    assertThat(generationConfig()).isEqualTo("{\"top_k\":0,\"use_cache\":true}");
  }

  @Test
  void aTokenIdThatIsNoNumberIsRefused() throws IOException {
    editConfig("\"eos_token_id\": 2,", "\"eos_token_id\": [\"two\"],");
    assertRefused(
        options(),
        "config.json: eos_token_id is an array of 1, expected an id from 0 to 319 or a list of"
            + " such");
  }

  @Test
  void aTokenizerIsNeededUnlessIdsWillDo() throws IOException {
    assertRefused(
        options().tokenizer(true),
        "tokenizer.model is missing in %s; a model that takes ids only must be requested"
            .formatted(checkpoint));
  }

  @Test
  void theTokenizerIsConverted() throws Exception {
    copyTokenizer();

    Manifest manifest = export(options().tokenizer(true)).manifest();

    assertThat(manifest.tokenizer())
        .isEqualTo(new TokenizerFacts(false, false, false, "<unk>", "<s>", "</s>"));
    assertThat(manifest.sources())
        .containsOnlyKeys(
            "config.json", "model.safetensors", "tokenizer.model", "tokenizer_config.json");
    assertThat(manifest.files())
        .containsOnlyKeys(
            "generation_config.json",
            "model.onnx",
            "model.onnx.data",
            "tokenizer.json",
            "tokenizer_config.json");
    assertFacts(manifest.sources(), checkpoint);
    assertFacts(manifest.files(), output);
  }

  @Test
  void idsThatTheModelDoesNotHaveAreWarnedOf() throws Exception {
    copyTokenizer();

    assertThat(export(options().tokenizer(true)).warnings())
        .containsExactly(
            "tokenizer.model has 8192 ids, but vocab_size of config.json is 320: the model refuses"
                + " texts that need a higher id");
    assertThat(export(options().force(true)).warnings()).isEmpty();
  }

  @Test
  void idsThatTheTokenizerDoesNotHaveAreWarnedOf() throws Exception {
    Files.write(checkpoint.resolve("tokenizer.model"), ModelBytes.abc().toByteArray());

    assertThat(export(options().tokenizer(true)).warnings())
        .contains(
            "vocab_size of config.json is 320, but tokenizer.model has 10 ids: those from there on"
                + " have no text");
  }

  @Test
  void aBadTokenizerLeavesNothing() throws IOException {
    Files.writeString(checkpoint.resolve("tokenizer.model"), "no model");

    assertThatThrownBy(() -> export(options().tokenizer(true)))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("tokenizer.model");
    assertThat(entries(output.getParent())).isEmpty();
  }

  private void copyTokenizer() throws IOException {
    Path fixture = Path.of("src/test/resources/tokenizers/bpe");
    for (String name : List.of("tokenizer.model", "tokenizer_config.json")) {
      Files.copy(fixture.resolve(name), checkpoint.resolve(name));
    }
  }

  @Test
  void aHeadsWidthMustSuitTheAttentionOperator() throws IOException {
    editConfig("\"n_head\": 2,", "\"n_head\": 8,");

    assertRefused(
        options(),
        "config.json: n_embd 32 over n_head 8 gives heads of width 4, expected a multiple of 8");
  }

  @Test
  void anExistingOutputStaysUnlessItIsToBeReplaced() throws IOException {
    export(options().name("old"));
    assertRefused(
        options(),
        "output %s exists already, expected nothing there unless it is to be replaced"
            .formatted(output.toRealPath()));
    assertThat(exportedName()).isEqualTo("old");

    export(options().name("new").force(true));

    assertThat(exportedName()).isEqualTo("new");
    assertThat(output.getParent()).isDirectoryContaining(output::equals);
    assertThat(entries(output.getParent())).containsExactly("tiny");
  }

  @Test
  void aFailedReplacementLeavesTheOldModel() throws IOException {
    export(options().name("old"));

    assertThatThrownBy(
            () ->
                Exporter.export(
                    options().name("new").force(true).build(),
                    (name, done, total) -> {
                      throw new IllegalStateException("stop");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("stop");

    assertThat(exportedName()).isEqualTo("old");
    assertThat(entries(output.getParent())).containsExactly("tiny");
  }

  @Test
  void anInterruptedExportLeavesNothing() throws IOException {
    assertThatThrownBy(
            () ->
                Exporter.export(
                    options().build(),
                    (name, done, total) -> {
                      assertThat(output).doesNotExist();
                      if (name.equals("ln_f.weight")) {
                        throw new IllegalStateException("stop");
                      }
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("stop");

    assertThat(entries(output.getParent())).isEmpty();
  }

  @Test
  void anInterruptedThreadLeavesNothing() throws IOException {
    try {
      assertThatThrownBy(
              () ->
                  Exporter.export(
                      options().build(), (name, done, total) -> Thread.currentThread().interrupt()))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("model.safetensors: the thread was interrupted while it read");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }

    assertThat(entries(output.getParent())).isEmpty();
  }

  @Test
  void ofTwoExportsIntoOnePlaceTheFirstTakesIt() throws Exception {
    List<Object> ends = twice(options());

    assertThat(ends).filteredOn(ExportReport.class::isInstance).hasSize(1);
    assertThat(ends)
        .filteredOn(PolyLmException.class::isInstance)
        .extracting(end -> ((PolyLmException) end).getMessage())
        .containsExactly(
            "output %s exists already, expected nothing there unless it is to be replaced"
                .formatted(output.toRealPath()));
    assertThat(entries(output.getParent())).containsExactly("tiny");
    assertFacts(
        Manifest.fromJson(Files.readString(output.resolve("manifest.json"))).files(), output);
  }

  @Test
  void ofTwoReplacingExportsTheLastStays() throws Exception {
    List<Object> ends = twice(options().force(true));

    assertThat(ends).hasOnlyElementsOfType(ExportReport.class);
    assertThat(entries(output.getParent())).containsExactly("tiny");
    assertFacts(
        Manifest.fromJson(Files.readString(output.resolve("manifest.json"))).files(), output);
  }

  /** Two exports that have both written all tensors before either may end. */
  private static List<Object> twice(ExportOptions.Builder options) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(2);
    Callable<Object> task =
        () ->
            Exporter.export(
                options.build(),
                (name, done, total) -> {
                  if (done == total) {
                    await(barrier);
                  }
                });
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      List<Object> ends = new ArrayList<>();
      for (Future<Object> future : pool.invokeAll(List.of(task, task))) {
        try {
          ends.add(future.get());
        } catch (ExecutionException e) {
          ends.add(e.getCause());
        }
      }
      return ends;
    } finally {
      pool.shutdown();
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertRefused(ExportOptions.Builder options, String message) throws IOException {
    List<String> before = entries(folder);
    assertThatThrownBy(() -> export(options))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(message);
    assertThat(entries(folder)).isEqualTo(before);
  }

  private void editConfig(String from, String to) throws IOException {
    Path file = checkpoint.resolve("config.json");
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  private String exportedName() throws IOException {
    return Manifest.fromJson(Files.readString(output.resolve("manifest.json"))).name();
  }

  private static List<String> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private static long bytesIn(Path folder) throws IOException {
    long bytes = 0;
    for (String name : entries(folder)) {
      bytes += Files.size(folder.resolve(name));
    }
    return bytes;
  }

  private static void assertFacts(Map<String, FileFacts> facts, Path folder) throws Exception {
    for (Map.Entry<String, FileFacts> entry : facts.entrySet()) {
      byte[] content = Files.readAllBytes(folder.resolve(entry.getKey()));
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      assertThat(entry.getValue())
          .isEqualTo(new FileFacts(content.length, HexFormat.of().formatHex(hash)));
    }
  }
}

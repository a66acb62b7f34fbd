package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.model.Manifest;
import dev.polylm.model.ModelDimensions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExporterTest extends SmallExport {
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
    RandomCheckpoint.write(large, new RandomCheckpoint.Size(1, 256, 2, 20000, 8));
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
  void aHeadsWidthMustSuitTheAttentionOperator() throws IOException {
    editConfig("\"n_head\": 2,", "\"n_head\": 8,");

    assertRefused(
        options(),
        "config.json: n_embd 32 over n_head 8 gives heads of width 4, expected a multiple of 8");
  }

  private static long bytesIn(Path folder) throws IOException {
    long bytes = 0;
    for (String name : entries(folder)) {
      bytes += Files.size(folder.resolve(name));
    }
    return bytes;
  }
}

package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.export.files.HashedFile;
import dev.polylm.model.FileFacts;
import dev.polylm.model.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectorTest {
  @TempDir private Path folder;

  private Path export(String fixture) {
    ExportOptions options =
        ExportOptions.builder(
                ReferenceModel.FIXTURES.resolve(fixture), folder.resolve("out-" + fixture))
            .weights(WeightType.FP32)
            .tokenizer(false)
            .build();
    return Exporter.export(options, ExportListener.NONE).directory();
  }

  @Test
  void countsOperatorsAndBytes() throws IOException {
    Path model = export("safetensors-fp32"); // 2 layers of width 32, 320 ids, 64 positions

    Inspection inspection = Inspector.inspect(model);

    assertThat(inspection.directory()).isEqualTo(model);
    assertThat(inspection.manifest())
        .isEqualTo(Manifest.fromJson(Files.readString(model.resolve("manifest.json"))));
    assertThat(inspection.operators())
        .containsEntry("com.microsoft.GroupQueryAttention", 2)
        .containsEntry("com.microsoft.SkipLayerNormalization", 5)
        .containsEntry("MatMul", 9);
    assertThat(inspection.kinds())
        .containsEntry("embedding", new Inspection.Total(2, (320 + 64) * 32 * 4))
        .containsEntry("attention", new Inspection.Total(8, 2 * 4 * (32 * 128 + 128)))
        .containsEntry("mlp", new Inspection.Total(8, 2 * 4 * (2 * 32 * 128 + 128 + 32)))
        .containsEntry("norms", new Inspection.Total(10, 10 * 32 * 4))
        .doesNotContainKey("head");
    assertThat(inspection.types().get("float"))
        .isEqualTo(
            inspection.kinds().entrySet().stream()
                .filter(kind -> !kind.getKey().equals("other"))
                .map(kind -> kind.getValue())
                .reduce(new Inspection.Total(0, 0), Inspection.Total::plus));
    assertThat(inspection.bytes())
        .isEqualTo(
            Files.size(model.resolve("model.onnx"))
                + Files.size(model.resolve("model.onnx.data"))
                + Files.size(model.resolve("generation_config.json")));
  }

  @Test
  void anOwnHeadIsCountedApart() {
    Inspection.Total head = Inspector.inspect(export("untied-head")).kinds().get("head");

    assertThat(head).isEqualTo(new Inspection.Total(1, 320 * 32 * 4));
  }

  @Test
  void aChangedFileIsRefused() throws IOException {
    Path model = export("safetensors-fp32");
    byte[] content = Files.readAllBytes(model.resolve("model.onnx.data"));
    content[4] ^= 1;
    Files.write(model.resolve("model.onnx.data"), content);

    assertThatThrownBy(() -> Inspector.inspect(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(
            "%s: has %d bytes with SHA-256 "
                .formatted(model.resolve("model.onnx.data"), content.length))
        .hasMessageEndingWith("; the file was changed");
  }

  @Test
  void aGraphThatIsNoneIsRefused() throws Exception {
    assertThatThrownBy(() -> Inspector.inspect(withGraph(new byte[] {1, 2, 3})))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("model.onnx: is not an ONNX model: ");
  }

  @Test
  void aLengthThatIsNoneIsRefused() throws Exception {
    byte[] graph = Files.readAllBytes(export("safetensors-fp32").resolve("model.onnx"));
    String text = new String(graph, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("\6length\22") + 9; // the value, behind its size
    ByteBuffer.wrap(graph).put(at, (byte) '-');

    assertThatThrownBy(() -> Inspector.inspect(withGraph(graph)))
        .isInstanceOf(PolyLmException.class)
        .hasMessageMatching(
            "model.onnx: tensor \\S+ has the length \"-\\d*\", expected a number of bytes");
  }

  /** A copy of an export with another graph, and a manifest that agrees. */
  private Path withGraph(byte[] graph) throws IOException {
    Path model = export("untied-head");
    Files.write(model.resolve("model.onnx"), graph);
    Path file = model.resolve("manifest.json");
    Manifest manifest = Manifest.fromJson(Files.readString(file));
    FileFacts before = new TreeMap<>(manifest.files()).get("model.onnx");
    FileFacts after = HashedFile.force(model.resolve("model.onnx"));
    Files.writeString(
        file,
        manifest
            .toJson()
            .replace(before.sha256(), after.sha256())
            .replace(": " + before.bytes() + ",", ": " + after.bytes() + ","));
    return model;
  }
}

package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  @TempDir private Path folder;

  @Test
  void saysWhatTheFolderHolds() {
    Run run = Run.of("inspect", ExportCommandTest.export(folder).toString());

    assertThat(run.status()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.outLines())
        .contains(
            "  name                                 checkpoint",
            "  weights                              fp32",
            "  activations                          fp32",
            "  on a GPU                             all but the attention and the cache, which stay on the CPU",
            "  tokenizer                            yes")
        .anyMatch(line -> line.matches("  model\\.onnx\\.data +28,639,232 bytes"))
        .anyMatch(line -> line.matches("  embedding +[0-9,]+ bytes in 2 tensors"))
        .anyMatch(line -> line.matches("  com\\.microsoft\\.GroupQueryAttention +[0-9]+"));
  }

  @Test
  void inspectsTheEmbeddedModelWithoutAFolder() {
    Run run = Run.of("inspect");
    assertThat(run.status()).isZero();
    assertThat(run.outLines()).contains("  name                                 polylm-tiny");
  }

  @Test
  void knowsAModelByItsName() throws Exception {
    ExportCommandTest.export(folder);
    Run run = Run.withHome(folder, "inspect", "--model", "model");
    assertThat(run.status()).isZero();
    assertThat(run.outLines()).contains("  name                                 checkpoint");
    assertThat(Run.withHome(folder, "inspect", "model").out()).isEqualTo(run.out());
    assertThat(Run.withHome(folder, "inspect", "model", "--model", "model").status()).isEqualTo(2);
  }

  @Test
  void printsJson() throws Exception {
    Path model = ExportCommandTest.export(folder);

    Run run = Run.of("inspect", "--json", model.toString());

    assertThat(run.status()).isZero();
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly("directory", "manifest", "bytes", "operators", "types", "kinds");
    assertThat(json.path("manifest"))
        .isEqualTo(new ObjectMapper().readTree(model.resolve("manifest.json").toFile()));
    int layers = json.at("/manifest/model/layers").asInt();
    assertThat(json.path("operators").path("com.microsoft.GroupQueryAttention").asInt())
        .isEqualTo(layers);
  }

  /** What a file says does not reach the terminal as a command to it. */
  @Test
  void escapesOfFilesAreShownAsQuestionMarks() throws Exception {
    Path model = ExportCommandTest.export(folder);
    Path manifest = model.resolve("manifest.json");
    String json = Files.readString(manifest);
    Files.writeString(
        manifest,
        json.replace("\"name\" : \"checkpoint\"", "\"name\" : \"red\\u001b[31m\\u009b2J\""));
    assertThat(Run.of("inspect", model.toString()).outLines())
        .contains("  name                                 red?[31m?2J");

    Files.writeString(manifest, json.replace("\"fused\"", "\"\\u001b[31m\\nfused\""));
    assertThat(Run.of("inspect", model.toString()).err())
        .startsWith(
            "polylm: manifest.json: has graph ?[31m fused; this version runs [fused, portable]\n");
  }

  @Test
  void aChangedFileIsNamed() throws Exception {
    Path model = ExportCommandTest.export(folder);
    byte[] content = Files.readAllBytes(model.resolve("tokenizer.json"));
    content[content.length / 2] ^= 1;
    Files.write(model.resolve("tokenizer.json"), content);

    Run run = Run.of("inspect", model.toString());

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .hasLineCount(1)
        .startsWith("polylm: ")
        .contains("tokenizer.json: has ", "the file was changed");
  }
}

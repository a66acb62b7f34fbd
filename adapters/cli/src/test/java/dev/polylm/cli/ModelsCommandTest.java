package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsCommandTest {
  @TempDir private Path folder;

  @Test
  void listsTheModelsOfTheHomeAndTheEmbeddedOne() throws Exception {
    Path model = ExportCommandTest.export(folder);
    Files.createDirectory(folder.resolve("something else"));
    Run run = Run.withHome(folder, "models");
    assertThat(run.status()).isZero();
    assertThat(run.outLines()).hasSize(3);
    assertThat(run.outLines().get(0)).startsWith("NAME ");
    assertThat(run.outLines().get(1)).matches("model +fp32 +base +\\d+ +\\d+\\.\\d MB +" + model);
    assertThat(run.outLines().get(2)).matches("polylm-tiny .* embedded");

    JsonNode json = new ObjectMapper().readTree(Run.withHome(folder, "models", "--json").out());
    assertThat(json).hasSize(2);
    assertThat(json.get(0).get("place").textValue()).isEqualTo(model.toString());
    assertThat(Run.withHome(folder, "tokenize", "--model=model", "a").status()).isZero();
  }

  @Test
  void eachNameIsOneThatCommandsTake() throws Exception {
    ExportCommandTest.export(folder);
    JsonNode models = new ObjectMapper().readTree(Run.withHome(folder, "models", "--json").out());
    assertThat(models.findValuesAsText("name")).containsExactly("model", "polylm-tiny");
    for (JsonNode model : models) {
      String name = model.get("name").textValue();
      Run run = Run.withHome(folder, "tokenize", "--model", name, "a");
      assertThat(run.status()).as(run.err()).isZero();
    }
  }

  @Test
  void namesAModelThatIsBroken() throws Exception {
    Path model = ExportCommandTest.export(folder);
    Files.delete(model.resolve("tokenizer.json"));
    Run run = Run.withHome(folder, "models");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.outLines()).hasSize(2);
    assertThat(run.err())
        .isEqualTo(
            "polylm: %s: the manifest names tokenizer.json, which is missing\n".formatted(model));
  }
}

package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  private static final String CHECKPOINT = "../../examples/polylm-tiny/checkpoint";

  @TempDir private Path folder;

  /** Exports polylm-tiny. */
  static Path export(Path folder) {
    Path output = folder.resolve("model");
    Run run = Run.of("export", "--checkpoint", CHECKPOINT, "--output", output.toString());
    assertThat(run.status()).as(run.err()).isZero();
    return output;
  }

  @Test
  void whatItWritesAnswers() {
    Path model = export(folder);
    assertThat(Run.of("generate", "--model", model.toString(), GenerateCommandTest.CARD))
        .isEqualTo(new Run(0, GenerateCommandTest.ANSWER, ""));
  }

  @Test
  void saysWhatItDid() {
    Path output = folder.resolve("model");
    Run run =
        Run.of(
            "export",
            "--checkpoint",
            CHECKPOINT,
            "--output",
            output.toString(),
            "--weights",
            "fp32",
            "--name",
            "small",
            "--prompt-form",
            "chat");
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .matches(
            "Verified: logits of 96 positions in 4 sequences, spread [0-9.]+: largest difference"
                + " [0-9.e-]+, mean [0-9.e-]+, top-1 agreement 100\\.0 %, KL divergence"
                + " [0-9.e-]+\\.\n"
                + "Exported small to .*model: read 1[0-9.]+ MB, wrote 2[0-9.]+ MB in [0-9.]+ s"
                + " \\([0-9]+ MB/s read\\)\\.\n");
    assertThat(output.resolve("manifest.json"))
        .content()
        .contains("\"name\" : \"small\"", "\"prompt_form\" : \"chat\"");
  }

  @Test
  void showsProgressOnATerminal() {
    Run run =
        Run.of(
            new byte[0],
            true,
            "export",
            "--checkpoint",
            CHECKPOINT,
            "--output",
            folder.resolve("model").toString());
    assertThat(run.status()).isZero();
    assertThat(run.err()).contains("Exporting").contains("100%");
  }

  @Test
  void replacesAModelOnlyWhereForced() {
    Path model = export(folder);
    Run refused = Run.of("export", "--checkpoint", CHECKPOINT, "--output", model.toString());
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).hasLineCount(1).startsWith("polylm: ").contains(model.toString());
    assertThat(
            Run.of("export", "--checkpoint", CHECKPOINT, "--output", model.toString(), "--force")
                .status())
        .isZero();
  }

  @Test
  void withoutTokenizerTheModelTakesIdsOnly() throws IOException {
    Path checkpoint = Files.createDirectory(folder.resolve("ids-only"));
    for (String name : new String[] {"config.json", "model.safetensors"}) {
      Files.copy(Path.of(CHECKPOINT, name), checkpoint.resolve(name));
    }
    String output = folder.resolve("model").toString();
    Run refused = Run.of("export", "--checkpoint", checkpoint.toString(), "--output", output);
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).startsWith("polylm: ").contains("tokenizer.model");
    Run exported =
        Run.of(
            "export", "--checkpoint", checkpoint.toString(), "--output", output, "--no-tokenizer");
    assertThat(exported.status()).as(exported.err()).isZero();

    String request = "{\"input_ids\": [5581, 321, 454], \"config\": {\"max_new_tokens\": 1}}";
    Run answered =
        Run.withInput(request, "generate", "--model", output, "--jsonl", "-", "--output", "-");
    assertThat(answered.status()).isZero();
    assertThat(answered.out())
        .startsWith("{\"sequences\":[[290]],\"finish_reasons\":[\"length\"],\"token_logprobs\":[[");
    assertThat(Run.of("tokenize", "--model", output, "a"))
        .isEqualTo(new Run(1, "", "polylm: ids-only has no tokenizer: it takes ids only\n"));
  }

  @Test
  void wrongArgumentsAreUsageErrors() {
    Run missing = Run.of("export", "--output", "x");
    assertThat(missing.status()).isEqualTo(2);
    assertThat(missing.err())
        .isEqualTo(
            "polylm: Missing required option: '--checkpoint=DIR'\nTry 'polylm export --help'.\n");
    Run type = Run.of("export", "--checkpoint", "x", "--output", "y", "--weights", "fp8");
    assertThat(type.status()).isEqualTo(2);
    assertThat(type.err()).contains("--weights").contains("fp8");
    Run form = Run.of("export", "--checkpoint", "x", "--output", "y", "--prompt-form", "poem");
    assertThat(form.status()).isEqualTo(1);
    assertThat(form.err()).contains("poem").contains("multialpaca");
  }
}

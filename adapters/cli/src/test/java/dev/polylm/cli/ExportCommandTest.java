package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
  private static final String CHECKPOINT = "../../examples/polylm-tiny/checkpoint";

  @TempDir private Path folder;

  /** Exports polylm-tiny as it was trained. */
  static Path export(Path folder) {
    Path output = folder.resolve("model");
    Run run =
        Run.of(
            "export",
            "--checkpoint",
            CHECKPOINT,
            "--output",
            output.toString(),
            "--weights",
            "fp32");
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
            "76 tensors lost nothing: 2[0-9,]+ bytes\\.\n"
                + "fp32 +2[0-9,]+ bytes in 76 tensors\n"
                + "Together +2[0-9,]+ bytes in 76 tensors\n"
                + "The outputs of c_attn are read as concatenated: 255 tokens of texts have a"
                + " perplexity of 5\\.615 read as concatenated, 26\\.44 as interleaved\\.\n"
                + "The exported graph reads 442 tokens of texts with a perplexity of 1[0-9.]+ \\(a"
                + " predictor that only knows how often each token occurs has 1,542\\); by"
                + " language: ar [0-9.]+, de"
                + " [0-9.]+, .*, zh [0-9.]+\\.\n"
                + "Verified: logits of 96 positions in 4 sequences, spread [0-9.]+: largest"
                + " difference"
                + " [0-9.e-]+, mean [0-9.e-]+, top-1 agreement 100\\.0 %, KL divergence"
                + " [0-9.e-]+\\.\n"
                + "Exported small to .*model: read 1[0-9.]+ MB, wrote 2[0-9.]+ MB in [0-9.]+ s"
                + " \\([0-9]+ MB/s read\\)\\.\n");
    assertThat(output.resolve("manifest.json"))
        .content()
        .contains("\"name\" : \"small\"", "\"prompt_form\" : \"chat\"");
  }

  @Test
  void weightsHaveFourBitsUnlessOthersAreAskedFor() {
    Path output = folder.resolve("model");
    Run run = Run.of("export", "--checkpoint", CHECKPOINT, "--output", output.toString());
    assertThat(run.status()).isZero();
    List<String> lines = run.err().lines().toList();
    assertThat(lines.get(0)).matches("Tensor +Type +Bytes +Rel. error");
    assertThat(lines.get(1))
        .matches("h\\.[0-5]\\.[a-z_.]+ +int4 block 128 +[0-9,]+ +0\\.1[0-9]{5}");
    assertThat(lines)
        .anyMatch(line -> line.matches("wte\\.weight +int4 block 32 +1,343,488 +0\\.0[0-9]{5}"))
        .anyMatch(line -> line.matches("h\\.0\\.attn\\.c_attn\\.weight +int8 block 128 .*"))
        .anyMatch(line -> line.matches("51 tensors lost nothing: 606,208 bytes\\."))
        .anyMatch(line -> line.matches("int4 block 128 +2,104,320 bytes in 20 tensors"))
        .anyMatch(line -> line.matches("Together +4,865,024 bytes in 76 tensors"))
        .anyMatch(line -> line.matches("Calibrated with 6,134 tokens\\."));
    assertThat(Run.of("generate", "--model", output.toString(), GenerateCommandTest.CARD))
        .isEqualTo(new Run(0, GenerateCommandTest.ANSWER, ""));
    assertThat(Run.of("inspect", output.toString()).out())
        .contains(
            "int4 in blocks of 128",
            "com.microsoft.MatMulNBits",
            "com.microsoft.GatherBlockQuantized");
  }

  @Test
  void otherWeightsAreAskedForByOptions() {
    Path output = folder.resolve("model");
    Run run =
        Run.of(
            "export",
            "--checkpoint",
            CHECKPOINT,
            "--output",
            output.toString(),
            "--weights",
            "int8",
            "--block-size",
            "32",
            "--calibration",
            "off",
            "--threads",
            "1");
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).contains("int8 block 32").doesNotContain("Calibrated");
    assertThat(output.resolve("manifest.json"))
        .content()
        .contains("\"weights\" : \"int8\"", "\"block_size\" : 32");
  }

  @Test
  void keysAndValuesAreCachedInEightBitsWhereAskedFor() {
    String output = folder.resolve("model").toString();
    List<String> arguments =
        List.of(
            "export",
            "--checkpoint",
            CHECKPOINT,
            "--output",
            output,
            "--weights",
            "fp32",
            "--kv-cache",
            "int8");
    Run run = Run.of(arguments.toArray(String[]::new));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err())
        .containsPattern(
            "Keys and values are cached as int8, with scales of 2,0[0-9]{2} tokens\\.\n");
    assertThat(Run.of("inspect", output).outLines())
        .contains("  key/value cache                      int8");
    assertThat(Run.of("generate", "--model", output, GenerateCommandTest.CARD))
        .isEqualTo(new Run(0, GenerateCommandTest.ANSWER, ""));

    List<String> more = new ArrayList<>(arguments);
    more.addAll(List.of("--graph", "portable", "--force"));
    assertThat(Run.of(more.toArray(String[]::new)))
        .isEqualTo(
            new Run(
                1,
                "",
                "polylm: the key/value cache is int8 in a portable graph, expected fp32: the"
                    + " standard's operators have no such cache\n"));
  }

  @Test
  void anAdapterIsMerged() {
    String adapters = "../../onnx-export/src/test/resources/";
    String[] arguments = {
      "export",
      "--checkpoint",
      adapters + "checkpoints/safetensors-fp32",
      "--output",
      folder.resolve("model").toString(),
      "--no-tokenizer",
      "--adapter",
      adapters + "adapters/lora"
    };
    assertThat(Run.of(arguments).status()).isZero();
    assertThat(folder.resolve("model").resolve("manifest.json"))
        .content()
        .contains("adapter/adapter_model.safetensors");
  }

  @Test
  void makesPortableGraphsAndLeavesOutTheirVerification() {
    Path output = folder.resolve("model");
    String[] arguments = {
      "export", "--checkpoint", CHECKPOINT, "--output", output.toString(), "--graph", "portable"
    };
    Run verified = Run.of(arguments);
    assertThat(verified.status()).as(verified.err()).isZero();
    assertThat(verified.err()).contains("Verified: ");
    assertThat(output.resolve("manifest.json"))
        .content()
        .contains("\"graph\" : \"portable\"", "\"weights\" : \"int4\"");

    String[] more = Arrays.copyOf(arguments, arguments.length + 4);
    System.arraycopy(
        new String[] {"--weights", "fp32", "--no-verify", "--force"}, 0, more, arguments.length, 4);
    Run run = Run.of(more);
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).doesNotContain("Verified");
    assertThat(output.resolve("manifest.json")).content().contains("\"graph\" : \"portable\"");
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
            folder.resolve("model").toString(),
            "--weights",
            "int8");
    assertThat(run.status()).isZero();
    assertThat(run.err())
        .containsPattern(
            "\\[##########] 100% 7\\.\\d/7\\.\\d MB, \\d+ [kM]B/s, 0:00:00 left, wte\\.weight")
        .containsPattern("Verifying \\[##########] 100% \\d+/\\d+ steps, 0:00:00 left");
  }

  @Test
  void replacesAModelOnlyWhereForced() {
    Path model = export(folder);
    Run refused = Run.of("export", "--checkpoint", CHECKPOINT, "--output", model.toString());
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).hasLineCount(1).startsWith("polylm: ").contains(model.toString());
    assertThat(
            Run.of(
                    "export",
                    "--checkpoint",
                    CHECKPOINT,
                    "--output",
                    model.toString(),
                    "--weights",
                    "int8",
                    "--force")
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
            "export",
            "--checkpoint",
            checkpoint.toString(),
            "--output",
            output,
            "--no-tokenizer",
            "--weights",
            "fp32");
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
    Run cache = Run.of("export", "--checkpoint", "x", "--output", "y", "--kv-cache", "int4");
    assertThat(cache.status()).isEqualTo(2);
    assertThat(cache.err()).contains("--kv-cache").contains("int4");
    Run blocks = Run.of("export", "--checkpoint", "x", "--output", "y", "--block-size", "20");
    assertThat(blocks)
        .isEqualTo(new Run(1, "", "polylm: blockSize is 20, expected one of [16, 32, 64, 128]\n"));
    Run form = Run.of("export", "--checkpoint", "x", "--output", "y", "--prompt-form", "poem");
    assertThat(form.status()).isEqualTo(1);
    assertThat(form.err()).contains("poem").contains("multialpaca");
  }
}

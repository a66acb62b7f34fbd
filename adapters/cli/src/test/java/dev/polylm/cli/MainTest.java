package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationSetting;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @Test
  void aMissingCommandIsAUsageError() {
    Run run = Run.of();
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo(
            """
            polylm: no command is given; expected one of [generate, chat, translate, serve, embed, \
            score, evaluate, tokenize, inspect, models, download, export, adapter, bench, \
            doctor]
            Try 'polylm --help'.
            """);
  }

  @Test
  void anUnknownOptionIsAUsageError() {
    Run run = Run.of("generate", "--numbeams", "4", "x");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("polylm: Unknown option: '--numbeams'")
        .endsWith("Did you mean --num-beams? Try 'polylm generate --help'.\n");
  }

  @Test
  void aMistypedCommandGetsTheNearestName() {
    Run run = Run.of("genrate", "x");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            """
            polylm: Unmatched arguments from index 0: 'genrate', 'x'
            Did you mean generate? Try 'polylm --help'.
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "generate --max-new-token 3 x, --max-new-tokens",
    "generate --max-new-token=3 x, --max-new-tokens",
    "generate --beams 2 x, --num-beams",
    "generate --tempreature 2 x, --temperature",
    "serve --prot 80, --port",
    "chta, chat",
    "eval x, evaluate"
  })
  void whatWasMistypedGetsTheNearestName(String line, String name) {
    Run run = Run.of(line.split(" "));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("\nDid you mean " + name + "? Try 'polylm ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "xyz", "generate -x"})
  void whatIsNearNoNameGetsNone(String line) {
    Run run = Run.of(line.split(" "));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("Try 'polylm ").doesNotContain("Did you mean");
  }

  @Test
  void aVeryLongOptionGetsNoName() {
    Run run = Run.of("generate", "--" + "max-new-token".repeat(10_000));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("Try 'polylm ").doesNotContain("Did you mean");
  }

  @ParameterizedTest
  @ValueSource(strings = {"score", "embed"})
  void aMissingArgumentIsSaidInOneSentence(String command) {
    assertThat(Run.of(command).err()).startsWith("polylm: Missing required argument");
  }

  @Test
  void helpOfGenerateIsGroupedWithTheCommonOptionsFirst() {
    List<String> lines = Run.of("generate", "--help").outLines();
    List<String> titles = lines.stream().filter(line -> line.matches("\\S.*:")).toList();
    assertThat(titles)
        .containsExactly(
            "Common options:",
            "Form of answers:",
            "Files of requests:",
            "Length and end:",
            "Sampling:",
            "Beams and several answers:",
            "Penalties:",
            "Particular tokens:",
            "Guidance and prompt lookup:",
            "Logits and log-probabilities:",
            "Model and messages:");
    String rest =
        String.join("\n", lines.subList(lines.indexOf("Model and messages:"), lines.size()));
    for (GenerationSetting setting : GenerationConfig.settings()) {
      assertThat(rest).doesNotContain("--" + setting.name().replace('_', '-'));
    }
  }

  @Test
  void coloursAreForTerminalsThatTakeThem() {
    Screen coloured = new Screen(true, true, true, true);
    assertThat(Run.of(new byte[0], coloured, Map.of(), "generate", "--nothing").err())
        .startsWith("\u001b[31mpolylm:\u001b[0m Unknown option: '--nothing'\n");
    assertThat(Run.of("generate", "--nothing").err()).startsWith("polylm: Unknown option");
    assertThat(Screen.ofProcess(Map.of("NO_COLOR", "1")).colour()).isFalse();
    assertThat(Screen.ofProcess(Map.of("TERM", "dumb")).error()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generate",
        "chat",
        "translate",
        "serve",
        "embed",
        "score",
        "evaluate",
        "tokenize",
        "inspect",
        "models",
        "download",
        "export",
        "adapter",
        "bench",
        "doctor"
      })
  void eachCommandHasHelp(String command) {
    Run run = Run.of(command, "--help");
    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("Usage: polylm " + command);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void helpOfGenerateListsTheSettingsByHuggingFacesNames() {
    assertThat(Run.of("generate", "--help").out())
        .contains(
            "--num-beams=",
            "--max-new-tokens=",
            "--max-length=",
            "--early-stopping=",
            "--length-penalty=",
            "--num-return-sequences=",
            "--eos-token-id=",
            "--do-sample",
            "--temperature=",
            "--top-k=",
            "--top-p=",
            "--seed=");
  }

  @Test
  void aModelThatIsNoneIsASentence() {
    Run run = Run.of("generate", "--model", "no/such", "x");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("polylm: no/such: is not a folder; expected an exported model; a relative path")
        .contains("in the working folder, here /", "/no/such\nName a folder")
        .endsWith("'polylm models' lists them.\n")
        .hasLineCount(2);
  }

  private static final String NO_CUDA =
      "device is cuda:0, but this ONNX Runtime has only [CPU]; expected one with CUDA, which the"
          + " artifact dev.polylm:polylm-cuda brings in place of dev.polylm:polylm-core; see"
          + " docs/gpu.md\n";

  @ParameterizedTest
  @CsvSource({"generate, x", "score, --text=x"})
  void cudaNeverFallsBack(String command, String input) {
    Run run = Run.of(command, "--device", "cuda", input);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("polylm: " + NO_CUDA);
  }

  @Test
  void autoSaysWhyItRunsOnTheCpu() {
    Run cpu = Run.of("score", "--text", "Beijing is the capital of China.");
    Run run = Run.of("score", "--device", "auto", "--text", "Beijing is the capital of China.");
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo(cpu.out()).contains("perplexity");
    assertThat(run.err()).isEqualTo("Warning: polylm-tiny runs on the CPU: " + NO_CUDA);
  }

  @Test
  void aDraftModelMustBeAModel() {
    Run run = Run.of("generate", "--draft", "nowhere", "x");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err())
        .startsWith(
            "polylm: draft can't be used: nowhere: is not a folder; expected an exported model; ");
  }

  @Test
  void threadsAreChecked() {
    Run run = Run.of("generate", "--threads", "-1", "x");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            """
            polylm: threads is -1, must be at least 0
            Try 'polylm generate --help'.
            """);
  }
}

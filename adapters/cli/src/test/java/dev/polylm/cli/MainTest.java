package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
            polylm: no command is given; expected one of [evaluate, export, generate, inspect, score, tokenize]
            Try 'polylm --help'.
            """);
  }

  @Test
  void anUnknownOptionIsAUsageError() {
    Run run = Run.of("generate", "--numbeams", "4", "x");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("polylm: Unknown option: '--numbeams'")
        .endsWith("Try 'polylm generate --help'.\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"evaluate", "export", "generate", "inspect", "score", "tokenize"})
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
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo("polylm: no/such: is not a folder; expected an exported model\n");
  }

  @Test
  void threadsAreChecked() {
    Run run = Run.of("generate", "--threads", "-1", "x");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("polylm: threads is -1, must be at least 0\n");
  }
}

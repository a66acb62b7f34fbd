package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for each command that prints something. */
class CommandsTest {
  /** Those that read standard input get this. */
  private static final byte[] INPUT = "Hello\n".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;

  static List<String> commands() {
    return List.of(
        "generate Hello --max-new-tokens=2",
        "chat --max-new-tokens=2",
        "translate --from=en --to=INDONESIAN --max-new-tokens=2",
        "embed Hello",
        "score --text=Hello",
        "evaluate --tasks=xnli --data=../../evaluation/src/test/resources/tasks/data"
            + " --languages=zh --limit=1 --output=FOLDER/report",
        "tokenize Hello",
        "inspect",
        "models",
        "bench --rows=1 --context=2 --tokens=2",
        "doctor",
        "generate --help");
  }

  private String[] args(String command) {
    return command.replace("FOLDER", folder.toString()).split(" ");
  }

  /** The Turkish i has no dot in upper case, İ has one, and decimals have a comma. */
  @ParameterizedTest
  @MethodSource("commands")
  void saysTheSameInTurkish(String command) {
    Run here = run(command);
    Locale before = Locale.getDefault();
    Run there;
    try {
      Locale.setDefault(new Locale("tr", "TR"));
      there = run(command);
    } finally {
      Locale.setDefault(before);
    }
    assertThat(there.status()).isEqualTo(here.status()).isZero();
    assertThat(withoutFigures(there.out())).isEqualTo(withoutFigures(here.out()));
    assertThat(withoutFigures(there.err())).isEqualTo(withoutFigures(here.err()));
  }

  private Run run(String command) {
    return Run.of(INPUT, Screen.NONE, Map.of(ModelHome.VARIABLE, folder.toString()), args(command));
  }

  private static String withoutFigures(String text) {
    return text.replaceAll("\\d+", "0").replaceAll(" +", " ");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void saysThatADiskIsFull(String command) {
    Run run = into("No space left on device", command);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err().lines())
        .contains("polylm: standard output: can't be written: No space left on device");
  }

  /** As with {@code | head -1}. */
  @ParameterizedTest
  @MethodSource("commands")
  void endsQuietlyWhereNobodyReads(String command) {
    Run run = into("Broken pipe", command);
    assertThat(run.status()).isZero();
    assertThat(run.err()).doesNotContain("polylm:");
  }

  private Run into(String failure, String command) {
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException(failure);
          }
        };
    return Run.into(out, INPUT, Screen.NONE, Map.of(), args(command));
  }
}

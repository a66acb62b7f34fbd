package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.polylm.cli.hub.LocalHub;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person sees in a terminal. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Ctrl-C and Ctrl-D are other keys there")
class TerminalTest {
  private static final String[] LONG = {
    "--min-new-tokens", "480", "--max-new-tokens", "480", "--num-beams", "1"
  };

  @TempDir private Path folder;

  @Test
  void ctrlCEndsAnAnswerAndShowsWhatThereIs() throws Exception {
    try (PseudoTerminal terminal =
        PseudoTerminal.start("generate", "Beijing", LONG[0], LONG[1], LONG[2], LONG[3])) {
      terminal.await("Translate");
      terminal.type(PseudoTerminal.CTRL_C);
      assertThat(terminal.status()).isEqualTo(130);
      assertThat(terminal.shown()).containsPattern("The answer was stopped after \\d+ tokens\\.");
    }
  }

  @Test
  void ctrlCEndsACommandThatWaitsForInput() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.start("tokenize", "--jsonl=-", "--output=-")) {
      terminal.type("{\"ids\": [5581, 321]}\n");
      terminal.await("{\"text\":\"Beijing is\"}");
      terminal.type(PseudoTerminal.CTRL_C);
      assertThat(terminal.status()).isEqualTo(130);
    }
  }

  @Test
  void nothingOfAProgressLineStays() throws Exception {
    Path in = Files.writeString(folder.resolve("in"), "{\"prompt\": \"Hello\"}\n".repeat(20));
    Path out = folder.resolve("out");
    try (PseudoTerminal terminal =
        PseudoTerminal.start("generate", "--jsonl", in.toString(), "--output", out.toString())) {
      terminal.await("Answering [");
      assertThat(terminal.status()).isZero();
      assertThat(terminal.shown()).isEmpty();
      assertThat(Files.readAllLines(out)).hasSize(20);
    }
  }

  @Test
  void aConversationIsEditedCompletedAndStopped() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.start("chat", "--max-new-tokens", "20")) {
      terminal.await("polylm-tiny. /help lists commands.\n>");
      terminal.type("/set min_new_tokens 480\r");
      terminal.await("\"min_new_tokens\":480}\n>");
      terminal.type("/set max_new_to\t480\r");
      terminal.await("\"max_new_tokens\":480,\"min_new_tokens\":480}\n>");
      terminal.type("Hello wirld\u001bOD\u001bOD\u001bOD\u007fo\r");
      terminal.await("Translate");
      terminal.type(PseudoTerminal.CTRL_C);
      terminal.await("tokens.\n>");
      terminal.type("/set min_new_tokens\r");
      terminal.await("{\"max_new_tokens\":480}\n>");
      terminal.type("/set max_new_tokens 3\r");
      terminal.await("{\"max_new_tokens\":3}\n>");
      terminal.type("/und\t\r");
      terminal.await("Taken back: Hello world\n>");
      terminal.type("\u001bOA\u001bOA\u001bOA\u001bOA\r");
      terminal.await("The answer was cut after 3 tokens");
      terminal.await("mit.\n>");
      terminal.type("never sent" + PseudoTerminal.CTRL_C + PseudoTerminal.CTRL_D);
      assertThat(terminal.status()).isZero();
    }
  }

  @Test
  void aSlipInAConversationIsNoFailure() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.start("chat")) {
      terminal.await("/help lists commands.\n>");
      terminal.type("/rest\r");
      terminal.await("polylm: /rest is no command; /help lists them\n>");
      terminal.type(PseudoTerminal.CTRL_D);
      assertThat(terminal.status()).isZero();
    }
  }

  /** What a command shows while it works, and what is on the screen at its end. */
  static Stream<Arguments> commands() {
    return Stream.of(
        arguments("generate Monday --max-new-tokens=2 --quiet", "", "\\S.*"),
        arguments("embed Hello", "", "\\{\"embedding\":\\[-?0\\.[\\s\\S]*]}"),
        arguments("score --text=Hello", "", "\\{\"perplexity\":[0-9.]+}"),
        arguments("tokenize Hello", "", "\\{\"ids\":\\[[0-9,]+],\"pieces\":\\[.*]}"),
        arguments("inspect", "", "[\\s\\S]*com.microsoft.GroupQueryAttention +[0-9]+[\\s\\S]*"),
        arguments("models", "", "NAME +WEIGHTS .*\npolylm-tiny .* embedded"),
        arguments(
            "doctor",
            "",
            "ok +Java .*\n[\\s\\S]*\nok +Embedded model +polylm-tiny answers\n.*\n.*"),
        arguments(
            "evaluate --tasks=xnli --data=../../evaluation/src/test/resources/tasks/data"
                + " --languages=zh --limit=2 --output=FOLDER/report",
            "Evaluating [",
            "/.*report.md"),
        arguments(
            "translate --from=en --to=zh FOLDER/in -o FOLDER/out --max-new-tokens=3",
            "Translating [",
            "Translated 30 lines in 0:00:\\d\\d \\([0-9.]+ lines/s\\)\\."),
        arguments(
            "bench --rows=1 --context=2 --tokens=2",
            "Measuring [",
            "polylm-tiny, \\d+ cores, .*\nmemory is read at .*\n\n ROWS .*\n +1 +2 .*%"),
        arguments(
            "export --checkpoint=%s --output=FOLDER/model --weights=fp32"
                .formatted(ExportCommandTest.CHECKPOINT),
            "Verifying [",
            "[\\s\\S]*\nExported checkpoint to /.*model: read [\\s\\S]*"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void eachCommandLeavesItsResultsOnTheScreen(String command, String progress, String screen)
      throws Exception {
    Files.writeString(folder.resolve("in"), "Hello\n".repeat(30));
    String[] args = command.replace("FOLDER", folder.toString()).split(" ");
    try (PseudoTerminal terminal = PseudoTerminal.startElsewhere(args)) {
      assertThat(terminal.status()).as(terminal.shown()).isZero();
      assertThat(terminal.written()).contains(progress);
      assertThat(terminal.shown()).matches(screen);
    }
  }

  @Test
  void aDownloadShowsItsProgress() throws Exception {
    try (LocalHub hub = new LocalHub();
        PseudoTerminal terminal =
            PseudoTerminal.startElsewhere(
                "download",
                LocalHub.REPOSITORY,
                "--endpoint=" + hub.endpoint(),
                "--to=" + folder.resolve("here"))) {
      assertThat(terminal.status()).isZero();
      assertThat(terminal.written()).contains("Downloading [##########] 100% 588.9/588.9 kB");
      assertThat(terminal.shown().replace("\n", ""))
          .matches(
              "DAMO-NLP-MT/polylm-test at 0123456789ab: 2 files, 0.6 MB. Licence: apache-2.0."
                  + "Downloaded to /.*here\\.Now run: polylm export --checkpoint .*here-onnx");
    }
  }

  @Test
  void ctrlCStopsTheServer() throws Exception {
    try (PseudoTerminal terminal = PseudoTerminal.startElsewhere("serve", "--port=0")) {
      terminal.await("rows a step");
      terminal.type(PseudoTerminal.CTRL_C);
      assertThat(terminal.status()).isZero();
      assertThat(terminal.shown())
          .matches(
              """
              PolyLM serves polylm-tiny
                API    http://127.0.0.1:\\d+/v1
                chat   http://127.0.0.1:\\d+/chat
                keys   none: this machine only
                limits 256 requests at a time, 1024 new tokens and 120 s a request, 16 rows a step
              \\^CStopping; answers in progress have 30 s.\
              """);
    }
  }
}

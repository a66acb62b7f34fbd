package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

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
}

package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations whose lines come from a pipe; {@link TerminalTest} types them. */
class ChatCommandTest {
  private static final String ASK =
      "/multiline\n" + GenerateCommandTest.CARD.replace("\\n", "\n") + "\n\n/multiline\n";

  @TempDir private Path folder;

  @Test
  void answersEachMessage() {
    Run run = Run.withInput(ASK, "chat");
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo(GenerateCommandTest.ANSWER);
    assertThat(run.err())
        .isEqualTo("A message ends with an empty line.\nA message is a single line.\n");
  }

  @Test
  void takesTurnsBackAndAsksAgain() {
    Run run = Run.withInput("Hello\n/retry\n/undo\n/undo\n", "chat", "--max-new-tokens=5");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.outLines()).hasSize(2);
    assertThat(run.outLines().get(0)).isEqualTo(run.outLines().get(1)).isNotBlank();
    assertThat(run.err()).endsWith("Taken back: Hello\npolylm: there is no turn to take back\n");
  }

  @Test
  void settingsChangeReplies() {
    Run run =
        Run.withInput(
            """
            /set temperature 0.7
            /set seed 3
            Hi
            /retry
            /set temperature
            /set temprature 1
            /set temperature hot
            """,
            "chat");
    assertThat(run.err())
        .startsWith(
            """
            Settings: {"temperature":0.7,"do_sample":true}
            Settings: {"temperature":0.7,"do_sample":true,"seed":3}
            Settings: {"do_sample":true,"seed":3}
            polylm: temprature is not a generation setting\
            """)
        .endsWith("polylm: temperature is \"hot\", must be a number\n");
    int half = run.out().length() / 2;
    assertThat(run.out().substring(half)).isEqualTo(run.out().substring(0, half)).isNotBlank();
  }

  @Test
  void savesAndContinues() {
    Path file = folder.resolve("saved");
    Run saved = Run.withInput(ASK + "/save %s\nAnd now?\n".formatted(file), "chat", "--system=Hi");
    assertThat(saved.err()).contains("Saved to " + file + ".\n");
    Run loaded = Run.withInput("And now?\n/system\n", "chat", "--load", file.toString());
    assertThat(saved.out()).endsWith(loaded.out());
    assertThat(loaded.err()).isEqualTo("Hi\n");
    Run typed = Run.withInput("/load %s\nAnd now?\n".formatted(file), "chat");
    assertThat(typed.out()).isEqualTo(loaded.out());
  }

  @Test
  void aFileThatCanNotBeUsedIsASentence() {
    Path nowhere = folder.resolve("no/such");
    assertThat(Run.withInput("/load %s\n/save %<s\n".formatted(nowhere), "chat").err())
        .isEqualTo(
            """
            polylm: %s: can't be read: there is no such file or folder
            polylm: %<s: can't be written: there is no such file or folder
            """
                .formatted(nowhere));
    assertThat(Run.withInput("", "chat", "--load", nowhere.toString()).err())
        .isEqualTo(
            "polylm: %s: can't be read: there is no such file or folder\n".formatted(nowhere));
  }

  @Test
  void beginsAnew() {
    Run run =
        Run.withInput("Hello\n/system Be short.\n/reset\n/system\n/undo\n/foo\n/load\n", "chat");
    assertThat(run.err())
        .isEqualTo(
            """
            The conversation begins anew, with these instructions.
            The conversation begins anew.
            Be short.
            polylm: there is no turn to take back
            polylm: /foo is no command; /help lists them
            polylm: /load needs the name of a file
            """);
    assertThat(Run.withInput("", "chat", "--system=a", "--load=b").status()).isEqualTo(2);
  }
}

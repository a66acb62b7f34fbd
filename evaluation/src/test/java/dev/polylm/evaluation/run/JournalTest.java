package dev.polylm.evaluation.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir private Path folder;

  private static ObjectNode line(String key, int value) {
    return JsonNodeFactory.instance.objectNode().put(key, value);
  }

  @Test
  void goesOnAfterTheLastWholeLine() throws Exception {
    Path file = folder.resolve("items.jsonl");
    try (Journal journal = Journal.open(file, line("run", 1))) {
      assertThat(journal.lines()).isEmpty();
      journal.append(line("item", 0));
    }
    String half = Files.readString(file) + "{\"text\":\"北";
    byte[] bytes = half.getBytes(StandardCharsets.UTF_8);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    try (Journal journal = Journal.open(file, line("run", 1))) {
      assertThat(journal.lines()).containsExactly(line("item", 0));
      journal.append(line("item", 1));
    }
    assertThat(file).hasContent("{\"run\":1}\n{\"item\":0}\n{\"item\":1}\n");
    assertThatThrownBy(() -> Journal.open(file, line("run", 2)))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            file
                + ": holds another run, {\"run\":1}, this one is {\"run\":2}; delete the file or"
                + " name another output");
  }

  @Test
  void saysWhyItCantBeWritten() {
    Path file = folder.resolve("missing/items.jsonl");
    assertThatThrownBy(() -> Journal.open(file, line("run", 1)))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(file + ": can't be written: java.nio.file.NoSuchFileException: " + file);
    try (Journal journal = Journal.open(folder.resolve("items.jsonl"), line("run", 1))) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> journal.append(line("item", 0)))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("the evaluation was interrupted");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aFullDiskEndsInASentence() throws Exception {
    Path file = folder.resolve("items.jsonl");
    // Files end at 16 blocks of 512 or 1024 bytes, which fails as a full disk does.
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f 16; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(said).contains("dev.polylm.PolyLmException: " + file + ": can't be written: ");
  }

  /** Writes lines until the disk is full. */
  static final class Victim {
    private Victim() {}

    /**
     * Runs it.
     *
     * @param args the file
     */
    public static void main(String[] args) {
      try (Journal journal = Journal.open(Path.of(args[0]), line("run", 1))) {
        for (int i = 0; i < 10_000; i++) {
          journal.append(line("item", i));
        }
      }
    }
  }
}

package dev.polylm.internal.saved;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeReplacementTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("chat");
  }

  private static void write(Path file, String text) throws IOException {
    try (SafeReplacement replacement = SafeReplacement.of(file)) {
      replacement.channel().write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      replacement.publish();
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theOldFileStandsUntilTheNewOneIsWhole() throws IOException {
    write(file, "old and longer");
    try (SafeReplacement replacement = SafeReplacement.of(file)) {
      replacement.channel().write(ByteBuffer.wrap(new byte[3]));
      assertThat(file).hasContent("old and longer");
    }
    assertThat(file).hasContent("old and longer");
    write(file, "new");
    assertThat(file).hasContent("new");
    assertThat(names()).containsExactly("chat");
  }

  @Test
  void linksStayAndWhatTheyLeadToIsReplaced() throws IOException {
    Path real = Files.createDirectory(folder.resolve("real")).resolve("conversation");
    Files.createSymbolicLink(folder.resolve("middle"), real);
    Files.createSymbolicLink(file, Path.of("middle"));
    write(file, "first");
    assertThat(real).hasContent("first");
    write(file, "second");
    assertThat(real).hasContent("second");
    assertThat(file).isSymbolicLink();
    assertThat(names()).containsExactly("chat", "middle", "real");
    Path ring = Files.createSymbolicLink(folder.resolve("ring"), Path.of("ring"));
    assertThatThrownBy(() -> write(ring, "x"))
        .isInstanceOf(IOException.class)
        .hasMessage("too many links, one after the other");
  }

  @Test
  void permissionsStayAndANewFileIsItsOwnersAlone() throws IOException {
    write(file, "first");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r-x"));
    write(file, "second");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r-x");
  }

  @Test
  void whatAKilledProcessLeftIsRemovedButNotWhatALivingOneWrites() throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SafeReplacementTest.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = writer.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("writing");
      assertThat(names()).hasSize(1).allMatch(name -> name.matches("\\.chat\\.\\d+\\.tmp"));
      write(file, "ours");
      assertThat(names()).hasSize(2).last().isEqualTo("chat");
    } finally {
      writer.destroyForcibly().waitFor();
    }
    Files.createFile(folder.resolve(".chat.old.tmp")); // no name of ours
    Files.createFile(folder.resolve(".chat2.77.tmp")); // another file's
    try (SafeReplacement inThisProcess = SafeReplacement.of(file)) {
      write(file, "ours again");
      assertThat(inThisProcess.channel().isOpen()).isTrue();
      assertThat(names()).hasSize(4);
    }
    assertThat(names()).containsExactly(".chat.old.tmp", ".chat2.77.tmp", "chat");
  }

  /** Begins to write, and is killed. */
  public static void main(String[] args) throws IOException {
    try (SafeReplacement replacement = SafeReplacement.of(Path.of(args[0]))) {
      replacement.channel().write(ByteBuffer.wrap(new byte[100]));
      System.out.println("writing");
      System.in.read();
    }
  }
}

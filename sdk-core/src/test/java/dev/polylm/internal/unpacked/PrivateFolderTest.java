package dev.polylm.internal.unpacked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of this process, of others that live, and of others that were killed. */
final class PrivateFolderTest {
  private static final String OTHER =
      "polylm-unpacked-" + "0123456789abcdef".repeat(2) + "-" + "f".repeat(32);

  @TempDir private Path parent;

  private List<String> left() throws IOException {
    try (Stream<Path> paths = Files.list(parent)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void onlyTheUserCanEnterIt() throws IOException {
    try (PrivateFolder folder = PrivateFolder.create(parent)) {
      assertThat(folder.path()).isAbsolute().hasParent(parent.toAbsolutePath());
      if (parent.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
            .isEqualTo("rwx------");
      }
      assertThat(folder.unpack(text("a"), "file")).hasContent("a").hasParent(folder.path());
    }
  }

  @Test
  void closingLeavesNothing() throws IOException {
    PrivateFolder folder = PrivateFolder.create(parent);
    folder.unpack(text("a"), "file");
    assertThat(left()).hasSize(2);
    folder.close();
    folder.close();
    assertThat(left()).isEmpty();
  }

  @Test
  void aFileThatIsThereIsNotWrittenTo() throws IOException {
    try (PrivateFolder folder = PrivateFolder.create(parent)) {
      Path planted = Files.writeString(folder.path().resolve("file"), "planted");
      assertThatThrownBy(() -> folder.unpack(text("a"), "file"))
          .isInstanceOf(PolyLmException.class)
          .hasMessage(
              folder.path()
                  + ": can't hold what PolyLM unpacks: file exists already; name another folder"
                  + " for temporary files by -Djava.io.tmpdir=DIR");
      assertThat(planted).hasContent("planted");
    }
  }

  @Test
  void aFolderForTemporaryFilesThatIsNoneIsNamed() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "");
    assertThatThrownBy(() -> PrivateFolder.create(file))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            file.toAbsolutePath()
                + ": can't hold what PolyLM unpacks: Not a directory; name another folder for"
                + " temporary files by -Djava.io.tmpdir=DIR");
  }

  private Path leftover(String name) throws IOException {
    Path folder = Files.createDirectory(parent.resolve(name));
    Files.writeString(folder.resolve("file"), "a");
    return folder;
  }

  @Test
  void whatKilledProcessesLeftIsDeleted() throws IOException {
    leftover(OTHER);
    Files.writeString(parent.resolve(OTHER + ".lock"), "");
    leftover(OTHER.replace('f', 'e'));
    Files.writeString(parent.resolve(OTHER.replace('f', 'd') + ".lock"), "");
    PrivateFolder.create(parent).close();
    assertThat(left()).isEmpty();
  }

  @Test
  void whatIsOfOthersStays() throws IOException {
    Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
    Path file = Files.writeString(elsewhere.resolve("file"), "a");
    leftover("polylm-unpacked-mine");
    leftover(OTHER + "0");
    Files.createSymbolicLink(parent.resolve(OTHER), elsewhere);
    try (PrivateFolder first = PrivateFolder.create(parent)) {
      PrivateFolder.create(parent).close();
      assertThat(first.path()).exists();
    }
    assertThat(left()).containsExactly("elsewhere", OTHER + "0", "polylm-unpacked-mine");
    assertThat(file).hasContent("a");
  }

  @Test
  void whatAnotherProcessHoldsStays() throws Exception {
    Path folder = leftover(OTHER);
    Path lock = Files.writeString(parent.resolve(OTHER + ".lock"), "");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                lock.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(other.getInputStream().read()).isEqualTo('h');
    PrivateFolder.create(parent).close();
    assertThat(folder.resolve("file")).hasContent("a");
    other.destroyForcibly().waitFor();
    PrivateFolder.create(parent).close();
    assertThat(left()).isEmpty();
  }

  /** Holds a lock until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws Exception {
      try (FileChannel channel = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        System.out.print(lock.isValid() ? "h" : "-");
        System.out.flush();
        int end = System.in.read();
        System.exit(end);
      }
    }
  }
}

package dev.polylm.export.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {
  @TempDir private Path temporary;
  private Path root;
  private Path source;

  @BeforeEach
  void makeSource() throws IOException {
    root = temporary.toRealPath();
    source = Files.createDirectories(root.resolve("models").resolve("checkpoint"));
  }

  @Test
  void thePlaceIsResolvedThroughLinksAndMissingParents() throws IOException {
    Path link = Files.createSymbolicLink(root.resolve("link"), source.getParent());

    assertThat(OutputPlace.check(source, link.resolve("a").resolve("b"), false))
        .isEqualTo(source.getParent().resolve("a").resolve("b"));
  }

  @Test
  void theSourceIsNeverWrittenTo() throws IOException {
    Path link = Files.createSymbolicLink(root.resolve("link"), source);

    assertRefused(source, "output %s lies in the checkpoint %s, expected a place outside it");
    assertRefused(
        source.resolve("out"), "output %s lies in the checkpoint %s, expected a place outside it");
    assertThatThrownBy(() -> OutputPlace.check(source, link.resolve("out"), false))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "output %s lies in the checkpoint %s, expected a place outside it"
                .formatted(source.resolve("out"), source));
    assertRefused(
        source.getParent(), "output %s holds the checkpoint %s, expected a place apart from it");
  }

  private void assertRefused(Path output, String message) {
    assertThatThrownBy(() -> OutputPlace.check(source, output, true))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(message.formatted(output, source));
  }

  @Test
  void aRootIsNoOutput() {
    Path top = root.getRoot();

    assertThatThrownBy(() -> OutputPlace.check(source, top, true))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("output %s is a root, expected a folder in one".formatted(top));
  }

  @Test
  void aFileIsNoOutput() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "text");

    assertThatThrownBy(() -> OutputPlace.check(source, file, true))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("output %s is a file, expected a folder or nothing".formatted(file));
    Path below = file.resolve("out");
    assertThatThrownBy(() -> OutputFolder.create(OutputPlace.check(source, below, true), true))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("output %s can't be created: ".formatted(below));
  }

  @Test
  void onlyAModelIsReplaced() throws IOException {
    Path output = Files.createDirectory(root.resolve("home"));
    assertThat(OutputPlace.check(source, output, true)).isEqualTo(output);

    Files.writeString(output.resolve("diary.txt"), "dear diary");

    assertThatThrownBy(() -> OutputPlace.check(source, output, true))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "output %s has files but no manifest.json, expected an exported model to replace"
                .formatted(output));
  }

  @Test
  void anEmptyFolderThatAppearedMeanwhileStays() throws IOException {
    Path output = root.resolve("out");
    try (OutputFolder folder = OutputFolder.create(output, false)) {
      Files.writeString(folder.path().resolve("file"), "text");
      Files.createDirectory(output);

      assertThatThrownBy(folder::publish)
          .isInstanceOf(PolyLmException.class)
          .hasMessage(
              "output %s exists already, expected nothing there unless it is to be replaced"
                  .formatted(output));
    }
    assertThat(output).isEmptyDirectory();
    assertThat(root).isDirectoryNotContaining("glob:**partial*");
  }

  @Test
  void publishingMovesEverythingInAndTheOldAway() throws IOException {
    Path output = Files.createDirectory(root.resolve("out"));
    Files.writeString(output.resolve("old"), "text");
    try (OutputFolder folder = OutputFolder.create(output, true)) {
      assertThat(folder.path().getFileName().toString()).matches("\\.out\\.partial-[0-9a-f]{8}");
      Files.writeString(Files.createDirectory(folder.path().resolve("sub")).resolve("new"), "text");
      folder.publish();
    }

    assertThat(output.resolve("sub").resolve("new")).hasContent("text");
    assertThat(output).isDirectoryNotContaining("glob:**old");
    assertThat(root).isDirectoryNotContaining("glob:**out.*");
  }

  @Test
  void closingWithoutPublishingRemovesTheFolder() throws IOException {
    Path partial;
    try (OutputFolder folder = OutputFolder.create(root.resolve("out"), false)) {
      partial = folder.path();
      Files.writeString(partial.resolve("file"), "text");
    }
    assertThat(partial).doesNotExist();
    assertThat(root.resolve("out")).doesNotExist();
  }

  @Test
  void aFileIsHashedWhileItIsWritten() throws IOException {
    Path path = root.resolve("file");

    assertThat(HashedFile.write(path, "abc").sha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(HashedFile.factsOf(path)).isEqualTo(HashedFile.force(path));
    assertThat(HashedFile.factsOf(path).bytes()).isEqualTo(3);
    assertThatThrownBy(() -> HashedFile.write(path, "abc"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("%s: can't be written: FileAlreadyExistsException: %s".formatted(path, path));
    assertThatThrownBy(() -> HashedFile.factsOf(root.resolve("none")))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "%s: can't be read: NoSuchFileException: %s"
                .formatted(root.resolve("none"), root.resolve("none")));
  }
}

package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.model.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokenizer and weights are opened side by side, and either may fail. */
final class OpeningTest {
  private static final PolyLmOptions UNCHECKED =
      PolyLmOptions.builder().verify(PolyLmOptions.Verify.NONE).build();

  @TempDir Path folder;

  @BeforeEach
  void copy() throws IOException {
    try (ModelDirectory model = ModelDirectory.openEmbedded()) {
      for (String name : model.manifest().files().keySet()) {
        Files.copy(model.file(name), folder.resolve(name));
      }
      Files.writeString(folder.resolve(Manifest.FILE_NAME), model.manifest().toJson());
    }
  }

  /** Makes a file unreadable, but leaves its size. */
  private void destroy(String name) throws IOException {
    byte[] content = Files.readAllBytes(folder.resolve(name));
    Arrays.fill(content, (byte) '!');
    Files.write(folder.resolve(name), content);
  }

  private void assertNothingIsLeft() throws IOException, InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("polylm-tokenizer")) {
        thread.join(); // it has given its result, and ends
      }
    }
    Path maps = Path.of("/proc/self/maps");
    if (Files.exists(maps)) {
      assertThat(Files.readString(maps)).doesNotContain(folder.toString());
    }
  }

  @Test
  void aBrokenTokenizerIsNamedAndTheWeightsAreClosed() throws Exception {
    destroy("tokenizer.json");
    assertThatThrownBy(() -> PolyLm.open(folder, UNCHECKED))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(folder.resolve("tokenizer.json") + ": ");
    assertNothingIsLeft();
  }

  @Test
  void aBrokenGraphIsNamedAndTheTokenizerIsClosed() throws Exception {
    destroy("model.onnx");
    assertThatThrownBy(() -> PolyLm.open(folder, UNCHECKED))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("model.onnx: can't be loaded: ")
        .hasNoSuppressedExceptions();
    assertNothingIsLeft();
  }

  @Test
  void ofTwoFailuresNoneIsLost() throws IOException {
    destroy("model.onnx");
    destroy("tokenizer.json");
    assertThatThrownBy(() -> PolyLm.open(folder, UNCHECKED))
        .hasMessageStartingWith("model.onnx: can't be loaded: ")
        .satisfies(
            e ->
                assertThat(e.getSuppressed()[0])
                    .hasMessageStartingWith(folder.resolve("tokenizer.json") + ": "));
  }

  /** As Hugging Face's cache keeps a model, in a folder whose name no language can write. */
  @Test
  void linksLeadToTheFilesWhateverTheFoldersName() throws IOException {
    Path blobs = Files.createDirectory(folder.resolve("blobs"));
    Path snapshot = Files.createDirectories(folder.resolve("mö dèl 模型 100%/a+b"));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path blob = Files.move(file, blobs.resolve(Integer.toHexString(file.hashCode())));
        Path link = snapshot.resolve(file.getFileName());
        Files.createSymbolicLink(link, snapshot.relativize(blob));
      }
    }
    try (PolyLm polyLm = PolyLm.open(snapshot)) {
      assertThat(polyLm.generate(AskingProgram.QUESTION).strip()).isEqualTo(AskingProgram.ANSWER);
    }
  }

  @Test
  void anInterruptedThreadOpensAModelAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    try (PolyLm polyLm = PolyLm.open(folder)) {
      assertThat(Thread.interrupted()).isTrue();
      assertThat(polyLm.tokenizer().vocabSize()).isPositive();
    }
  }
}

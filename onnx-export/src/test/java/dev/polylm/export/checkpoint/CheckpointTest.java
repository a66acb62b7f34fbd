package dev.polylm.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.export.tensor.StoredTensor;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private static final String EMBEDDING = "transformer.wte.weight";
  @TempDir Path folder;

  private static List<String> names(Checkpoint checkpoint) {
    return checkpoint.files().stream().map(path -> path.getFileName().toString()).toList();
  }

  @Test
  void filesAreThoseThatWereUsed() {
    try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("bin-sharded-fp16"))) {
      assertThat(names(checkpoint))
          .containsExactly(
              "config.json",
              "pytorch_model.bin.index.json",
              "pytorch_model-00001-of-00003.bin",
              "pytorch_model-00002-of-00003.bin",
              "pytorch_model-00003-of-00003.bin");
      assertThat(checkpoint.files()).allMatch(Files::isRegularFile);
      assertThat(checkpoint.directory()).isEqualTo(Fixtures.checkpoint("bin-sharded-fp16"));
    }
  }

  @Test
  void weightsArePreferredAsHuggingFaceDoes() throws IOException {
    Fixtures.copy("bin-sharded-fp16", folder);
    Files.copy(
        Fixtures.checkpoint("bin-bf16").resolve("pytorch_model.bin"),
        folder.resolve("pytorch_model.bin"));
    assertUsed("pytorch_model.bin");
    for (String name :
        List.of(
            "model.safetensors.index.json",
            "model-00001-of-00003.safetensors",
            "model-00002-of-00003.safetensors",
            "model-00003-of-00003.safetensors")) {
      Files.copy(
          Fixtures.checkpoint("safetensors-sharded-fp16").resolve(name), folder.resolve(name));
    }
    assertUsed("model.safetensors.index.json");
    Files.copy(
        Fixtures.checkpoint("safetensors-fp32").resolve("model.safetensors"),
        folder.resolve("model.safetensors"));
    assertUsed("model.safetensors");
  }

  private void assertUsed(String file) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(names(checkpoint).get(1)).isEqualTo(file);
    }
  }

  @Test
  void linksIntoACacheAreFollowed() throws IOException {
    Path blobs = Files.createDirectory(folder.resolve("blobs"));
    Path snapshot = Files.createDirectories(folder.resolve("snapshots/main"));
    Fixtures.copy("safetensors-sharded-fp16", blobs);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(blobs)) {
      for (Path blob : files) {
        Path name = blob.getFileName();
        Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs").resolve(name));
      }
    }
    try (Checkpoint checkpoint = Checkpoint.open(snapshot)) {
      assertThat(checkpoint.tensors()).hasSize(28);
    }
  }

  @Test
  void aLinkToNothingIsNotPassedOver() throws IOException {
    Fixtures.copy("bin-bf16", folder);
    Path link = folder.resolve("model.safetensors");
    Files.createSymbolicLink(link, Path.of("gone"));
    Fixtures.assertRefused(
        () -> Checkpoint.open(folder),
        "model.safetensors: is not a regular file (missing, a folder, or a link to nothing): "
            + link);
  }

  @Test
  void whatIsNoCheckpointIsRefused() throws IOException {
    Path missing = folder.resolve("missing");
    Fixtures.assertRefused(
        () -> Checkpoint.open(missing),
        missing + ": is not a folder, expected a checkpoint's folder");
    Fixtures.assertRefused(() -> Checkpoint.open(folder), "config.json: no such file in " + folder);
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"gpt2\"}");
    Fixtures.assertRefused(
        () -> Checkpoint.open(folder),
        folder
            + ": holds no weights, expected one of model.safetensors, model.safetensors.index.json,"
            + " pytorch_model.bin, pytorch_model.bin.index.json");
    Files.createFile(folder.resolve("pytorch_model.bin"));
    Fixtures.assertRefused(
        () -> Checkpoint.open(folder), "pytorch_model.bin: is empty, expected weights");
  }

  @Test
  void readingAfterCloseIsAnError() {
    for (String name : List.of("safetensors-fp32", "bin-bf16")) {
      Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint(name));
      StoredTensor tensor = checkpoint.tensors().get(EMBEDDING);
      checkpoint.close();
      checkpoint.close();
      Fixtures.assertRefused(
          () -> tensor.read(0, new float[1], 0, 1), tensor.file() + ": the checkpoint is closed");
    }
  }

  @Test
  void threadsShareACheckpoint() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("bin-bf16"))) {
      StoredTensor tensor = checkpoint.tensors().get(EMBEDDING);
      float[] expected = new float[(int) tensor.elements()];
      tensor.read(0, expected, 0, expected.length);
      Callable<float[]> elementsFromTheEnd =
          () -> {
            float[] read = new float[expected.length];
            for (int i = expected.length - 1; i >= 0; i--) {
              tensor.read(i, read, i, 1);
            }
            return read;
          };
      for (Future<float[]> read :
          threads.invokeAll(List.of(elementsFromTheEnd, elementsFromTheEnd, elementsFromTheEnd))) {
        assertThat(read.get()).containsExactly(expected);
      }
    } finally {
      threads.shutdown();
    }
  }
}

package dev.polylm.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardIndexTest {
  private static final String INDEX = "model.safetensors.index.json";
  private static final String FIRST = "model-00001-of-00003.safetensors";
  private static final String SECOND = "model-00002-of-00003.safetensors";
  private static final String TENSOR = "transformer.h.0.attn.c_attn.bias";
  @TempDir Path folder;

  @BeforeEach
  void copy() throws IOException {
    Fixtures.copy("safetensors-sharded-fp16", folder);
  }

  private void assertRefused(Consumer<ObjectNode> change, String message) throws IOException {
    Fixtures.edit(folder.resolve(INDEX), change);
    Fixtures.assertRefused(() -> Checkpoint.open(folder), message);
  }

  private static Consumer<ObjectNode> weight(String tensor, String shard) {
    return index -> index.withObjectProperty("weight_map").put(tensor, shard);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../other.safetensors", "/etc/passwd", "a/b", "a\\b", "C:x", "..", ".", "", " "})
  void aFileOutsideTheFolderIsRefused(String name) throws IOException {
    assertRefused(
        weight(TENSOR, name),
        INDEX
            + ": weight_map puts "
            + TENSOR
            + " into "
            + Fixtures.JSON.valueToTree(name)
            + ", expected the name of a file in the checkpoint's folder");
  }

  @Test
  void aFileNameThatIsNoTextIsRefused() throws IOException {
    assertRefused(
        index -> index.withObjectProperty("weight_map").put(TENSOR, 3),
        INDEX
            + ": weight_map puts "
            + TENSOR
            + " into 3, expected the name of a file in the checkpoint's folder");
  }

  @Test
  void aMissingShardIsRefused() throws IOException {
    Files.delete(folder.resolve(SECOND));
    Fixtures.assertRefused(
        () -> Checkpoint.open(folder),
        INDEX + ": names the shard " + SECOND + ", which is not in " + folder);
  }

  /** As transformers 5.17, which loads what the shards hold. */
  private void assertNamed(Consumer<ObjectNode> change, String message) throws IOException {
    Fixtures.edit(folder.resolve(INDEX), change);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.warnings()).containsExactly(message);
      assertThat(checkpoint.tensors()).hasSize(28).containsKey(TENSOR);
    }
  }

  @Test
  void aTensorThatNoShardHoldsIsNamed() throws IOException {
    assertNamed(
        weight("transformer.extra", FIRST),
        INDEX + ": weight_map puts transformer.extra into " + FIRST + ", but it is in no shard");
  }

  @Test
  void aTensorInAnotherShardIsNamed() throws IOException {
    assertNamed(
        weight(TENSOR, SECOND),
        INDEX + ": weight_map puts " + TENSOR + " into " + SECOND + ", but it is in " + FIRST);
  }

  @Test
  void aTensorThatTheIndexDoesNotNameIsNamed() throws IOException {
    assertNamed(
        index -> index.withObjectProperty("weight_map").remove(TENSOR),
        FIRST + ": tensor " + TENSOR + " is not in the weight_map of " + INDEX);
  }

  @Test
  void moreShardsThanAnyCheckpointHasAreNotOpened() throws IOException {
    for (int i = 0; i < 513; i++) {
      Files.createSymbolicLink(folder.resolve("shard-" + i), Path.of(FIRST));
    }
    assertRefused(
        index -> {
          ObjectNode map = index.putObject("weight_map");
          for (int i = 0; i < 513; i++) {
            map.put("tensor-" + i, "shard-" + i);
          }
        },
        INDEX + ": weight_map names 513 shards, expected at most 512");
  }

  @Test
  void aTensorInTwoShardsIsRefused() throws IOException {
    Files.copy(folder.resolve(FIRST), folder.resolve(SECOND), StandardCopyOption.REPLACE_EXISTING);
    Fixtures.assertRefused(
        () -> Checkpoint.open(folder),
        "tensor " + TENSOR + " is in two shards, " + FIRST + " and " + SECOND + ", expected one");
  }

  @Test
  void anIndexOfAnotherFormIsRefused() throws IOException {
    assertRefused(
        index -> index.remove("weight_map"),
        INDEX + ": weight_map is missing, expected an object from tensors to files");
    assertRefused(
        index -> index.put("weight_map", 1),
        INDEX + ": weight_map is 1, expected an object from tensors to files");
    Files.writeString(folder.resolve(INDEX), "{");
    Fixtures.assertRefusedStarting(
        () -> Checkpoint.open(folder), INDEX + ": is not valid JSON: it ends too early");
  }
}

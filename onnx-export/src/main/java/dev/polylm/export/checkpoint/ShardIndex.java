package dev.polylm.export.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.untrusted.JsonFile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The {@code weight_map} of an index: which shard holds which tensor. */
final class ShardIndex {
  private final String file;
  private final Map<String, String> shardOfTensor;

  private ShardIndex(String file, Map<String, String> shardOfTensor) {
    this.file = file;
    this.shardOfTensor = shardOfTensor;
  }

  static ShardIndex read(Path path) {
    String file = String.valueOf(path.getFileName());
    JsonNode weightMap = JsonFile.read(path).path("weight_map");
    if (!weightMap.isObject() || weightMap.isEmpty()) {
      throw new PolyLmException(
          file
              + ": weight_map is "
              + JsonFile.shown(weightMap)
              + ", expected an object from tensors to files");
    }
    Map<String, String> shards = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : weightMap.properties()) {
      String tensor = Untrusted.tensorName(file, entry.getKey());
      shards.put(tensor, shardName(file, tensor, entry.getValue()));
    }
    return new ShardIndex(file, shards);
  }

  /**
   * Lets only plain names through, so that an index can't name a file outside the folder. A link in
   * the folder is its owner's: in Hugging Face's cache every shard is one.
   */
  private static String shardName(String file, String tensor, JsonNode value) {
    String name = value.isTextual() ? value.textValue() : "";
    if (!isPlain(name) || name.isBlank() || name.equals(".") || name.equals("..")) {
      throw new PolyLmException(
          file
              + ": weight_map puts "
              + tensor
              + " into "
              + JsonFile.shown(value)
              + ", expected the name of a file in the checkpoint's folder");
    }
    return name;
  }

  private static boolean isPlain(String name) {
    try {
      // Not every text is a path on every system.
      return Path.of(name).getNameCount() == 1
          && name.chars()
              .noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** The names of the files, sorted. */
  SortedSet<String> shards() {
    return new TreeSet<>(shardOfTensor.values());
  }

  /** Stops where what the shards hold is not what the index says. */
  void check(Map<String, String> found) {
    for (Map.Entry<String, String> entry : shardOfTensor.entrySet()) {
      String shard = found.get(entry.getKey());
      if (!entry.getValue().equals(shard)) {
        throw new PolyLmException(
            "%s: weight_map puts %s into %s, but it is in %s"
                .formatted(
                    file, entry.getKey(), entry.getValue(), shard == null ? "no shard" : shard));
      }
    }
    for (Map.Entry<String, String> entry : found.entrySet()) {
      if (!shardOfTensor.containsKey(entry.getKey())) {
        throw new PolyLmException(
            "%s: tensor %s is not in the weight_map of %s"
                .formatted(entry.getValue(), entry.getKey(), file));
      }
    }
  }
}

package dev.polylm.export.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.untrusted.JsonFile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The {@code weight_map} of an index: which shard holds which tensor. */
final class ShardIndex {
  /** The largest checkpoints have a few hundred. Each is a file that stays open. */
  private static final int MAX_SHARDS = 512;

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
    ShardIndex index = new ShardIndex(file, shards);
    int count = index.shards().size();
    if (count > MAX_SHARDS) {
      throw new PolyLmException(
          "%s: weight_map names %s shards, expected at most %s".formatted(file, count, MAX_SHARDS));
    }
    return index;
  }

  /**
   * Accepts only plain names, so that an index can't name a file outside the folder. A link in the
   * folder is allowed, since the folder's owner made it; in Hugging Face's cache every shard is a
   * link.
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
      // Not every text is a valid path on every system.
      return Path.of(name).getNameCount() == 1
          && name.chars()
              .noneMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Returns the names of the files, sorted. */
  SortedSet<String> shards() {
    return new TreeSet<>(shardOfTensor.values());
  }

  /**
   * Returns the differences between the shards and the index, a sentence each. They are not errors,
   * since Hugging Face loads everything that the shards hold.
   *
   * @param found the shard of each tensor
   */
  List<String> differences(Map<String, String> found) {
    List<String> differences = new ArrayList<>();
    shardOfTensor.forEach(
        (tensor, stated) -> {
          String shard = found.get(tensor);
          if (!stated.equals(shard)) {
            differences.add(
                "%s: weight_map puts %s into %s, but it is in %s"
                    .formatted(file, tensor, stated, shard == null ? "no shard" : shard));
          }
        });
    found.forEach(
        (tensor, shard) -> {
          if (!shardOfTensor.containsKey(tensor)) {
            differences.add(
                "%s: tensor %s is not in the weight_map of %s".formatted(shard, tensor, file));
          }
        });
    return differences;
  }
}

package dev.polylm.export.checkpoint;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.tensor.WeightFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The open weight files of a checkpoint: one file, or several with an index. */
final class Weights implements AutoCloseable {
  private final List<Path> paths = new ArrayList<>();
  private final List<WeightFile> open = new ArrayList<>();
  private final SortedMap<String, StoredTensor> tensors = new TreeMap<>();

  private final List<String> warnings = new ArrayList<>();

  private Weights() {}

  /** Opens the weights that Hugging Face would choose. */
  static Weights open(Path directory) {
    Weights weights = new Weights();
    try {
      weights.openPreferred(directory);
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
    return weights;
  }

  private void openPreferred(Path directory) {
    for (Format format : Format.values()) {
      if (isThere(directory.resolve(format.fileName()))) {
        add(format, directory.resolve(format.fileName()));
        return;
      }
      if (isThere(directory.resolve(format.indexName()))) {
        addShards(format, directory);
        return;
      }
    }
    String expected =
        Arrays.stream(Format.values())
            .flatMap(format -> Stream.of(format.fileName(), format.indexName()))
            .collect(Collectors.joining(", "));
    throw new PolyLmException(directory + ": holds no weights, expected one of " + expected);
  }

  /** A link to nothing counts as a file, since the checkpoint's owner meant the file behind it. */
  private static boolean isThere(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private void addShards(Format format, Path directory) {
    Path indexPath = directory.resolve(format.indexName());
    ShardIndex index = ShardIndex.read(indexPath);
    paths.add(indexPath);
    for (String shard : index.shards()) {
      if (!isThere(directory.resolve(shard))) {
        throw new PolyLmException(
            format.indexName() + ": names the shard " + shard + ", which is not in " + directory);
      }
      add(format, directory.resolve(shard));
    }
    Map<String, String> found = new TreeMap<>();
    tensors.forEach((name, tensor) -> found.put(name, tensor.file()));
    warnings.addAll(index.differences(found));
  }

  private void add(Format format, Path path) {
    WeightFile file = WeightFile.open(path);
    open.add(file);
    paths.add(path);
    for (StoredTensor tensor : format.read(file).values()) {
      StoredTensor before = tensors.put(tensor.name(), tensor);
      if (before != null) {
        throw new PolyLmException(
            "tensor %s is in two shards, %s and %s, expected one"
                .formatted(tensor.name(), before.file(), tensor.file()));
      }
    }
  }

  /** Returns the index, if there is one, and the weight files. */
  List<Path> paths() {
    return List.copyOf(paths);
  }

  /** Returns the differences between the index and the shards, a sentence each. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  Map<String, StoredTensor> tensors() {
    return Collections.unmodifiableSortedMap(tensors);
  }

  @Override
  public void close() {
    open.forEach(WeightFile::close);
  }
}

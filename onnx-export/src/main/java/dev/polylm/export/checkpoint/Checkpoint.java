package dev.polylm.export.checkpoint;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.StoredTensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An open checkpoint folder: config.json, and weights in {@code model.safetensors}, {@code
 * pytorch_model.bin}, or shards of either with an index.
 *
 * <p>Opening reads only the headers. Elements are read when a tensor is asked for them. Safe for
 * use by several threads. After {@link #close}, reading a tensor throws {@link PolyLmException}.
 */
public final class Checkpoint implements AutoCloseable {
  private static final String CONFIG = "config.json";

  private final Path directory;
  private final ModelConfig config;
  private final Weights weights;

  private Checkpoint(Path directory, ModelConfig config, Weights weights) {
    this.directory = directory;
    this.config = config;
    this.weights = weights;
  }

  /**
   * Opens a checkpoint. If the folder holds several forms of the weights, it takes the one that
   * Hugging Face takes: safetensors before PyTorch files, and one file before shards.
   *
   * @throws PolyLmException if the folder is not a checkpoint, its model is not supported, or a
   *     file is broken; the message names the file and what was expected
   */
  public static Checkpoint open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new PolyLmException(directory + ": is not a folder, expected a checkpoint's folder");
    }
    ModelConfig config = ConfigReader.read(directory.resolve(CONFIG));
    return new Checkpoint(directory, config, Weights.open(directory));
  }

  /** Returns the folder that was opened. */
  public Path directory() {
    return directory;
  }

  /** Returns the contents of config.json. */
  public ModelConfig config() {
    return config;
  }

  /**
   * Returns all tensors by name, sorted. Names, types and shapes are as stored, buffers are
   * included, and nothing is interpreted. Two names may share the same bytes.
   */
  public Map<String, StoredTensor> tensors() {
    return weights.tensors();
  }

  /** Returns the contradictions between the files that have no effect, a sentence each. */
  public List<String> warnings() {
    return weights.warnings();
  }

  /**
   * Returns the files that were used: config.json, the index if there is one, and the weight files.
   */
  public List<Path> files() {
    return Stream.concat(Stream.of(directory.resolve(CONFIG)), weights.paths().stream()).toList();
  }

  /** Closes the weight files; a second call does nothing. */
  @Override
  public void close() {
    weights.close();
  }
}

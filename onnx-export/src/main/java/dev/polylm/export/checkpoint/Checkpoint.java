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
 * <p>Opening reads the headers alone; elements are read when a tensor is asked for them. Safe for
 * use by several threads. After {@link #close} reading a tensor throws {@link PolyLmException}.
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
   * Opens a checkpoint. Of several weights in one folder it takes what Hugging Face would:
   * safetensors before PyTorch's, and one file before shards.
   *
   * @throws PolyLmException if the folder is no checkpoint, its model is not supported, or a file
   *     is broken; the message names the file and what was expected
   */
  public static Checkpoint open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new PolyLmException(directory + ": is no folder, expected a checkpoint's folder");
    }
    ModelConfig config = ConfigReader.read(directory.resolve(CONFIG));
    return new Checkpoint(directory, config, Weights.open(directory));
  }

  /** The folder that was opened. */
  public Path directory() {
    return directory;
  }

  /** What config.json says. */
  public ModelConfig config() {
    return config;
  }

  /**
   * All tensors by name, sorted: names, types and shapes as stored, buffers included, nothing
   * interpreted. Two names may share the same bytes.
   */
  public Map<String, StoredTensor> tensors() {
    return weights.tensors();
  }

  /** What the files say otherwise than each other and nothing depends on, a sentence each. */
  public List<String> warnings() {
    return weights.warnings();
  }

  /** The files that were used: config.json, the index if there is one, the weight files. */
  public List<Path> files() {
    return Stream.concat(Stream.of(directory.resolve(CONFIG)), weights.paths().stream()).toList();
  }

  /** Closes the weight files; a second call does nothing. */
  @Override
  public void close() {
    weights.close();
  }
}

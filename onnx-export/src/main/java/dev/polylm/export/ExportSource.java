package dev.polylm.export;

import dev.polylm.export.adapter.LoraAdapter;
import dev.polylm.export.checkpoint.Checkpoint;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.reference.ReferenceModel;
import dev.polylm.export.tensor.StoredTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An open checkpoint, with an adapter merged if one is asked for. */
final class ExportSource implements AutoCloseable {
  /** The manifest puts this before the names of an adapter's files. */
  private static final String ADAPTER = "adapter/";

  private final Checkpoint checkpoint;
  private final @Nullable LoraAdapter adapter;
  private final ModelConfig config;
  private final Map<String, StoredTensor> tensors;
  private QkvLayout layout = QkvLayout.CONCATENATED;

  private ExportSource(Checkpoint checkpoint, @Nullable LoraAdapter adapter) {
    this.checkpoint = checkpoint;
    this.adapter = adapter;
    if (adapter == null) {
      config = checkpoint.config();
      tensors = checkpoint.tensors();
    } else {
      LoraAdapter.Merged merged = adapter.merge(checkpoint.config(), checkpoint.tensors());
      config = merged.config();
      tensors = merged.tensors();
    }
  }

  /**
   * Opens the checkpoint and the adapter that the options name.
   *
   * @throws dev.polylm.PolyLmException if either is invalid, or they don't fit each other
   */
  static ExportSource open(ExportOptions options) {
    Checkpoint checkpoint = Checkpoint.open(options.checkpoint());
    LoraAdapter adapter = null;
    try {
      Path folder = options.adapter();
      adapter = folder == null ? null : LoraAdapter.open(folder);
      return new ExportSource(checkpoint, adapter);
    } catch (RuntimeException | Error e) {
      if (adapter != null) {
        adapter.close();
      }
      checkpoint.close();
      throw e;
    }
  }

  Path directory() {
    return checkpoint.directory();
  }

  ModelConfig config() {
    return config;
  }

  Map<String, StoredTensor> tensors() {
    return tensors;
  }

  /** Sets the order of c_attn's outputs; until then it is concatenated. */
  void decide(QkvLayout decided) {
    layout = decided;
  }

  QkvLayout layout() {
    return layout;
  }

  /** Returns what the files say without effect on the result, a sentence each. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>(checkpoint.warnings());
    if (adapter != null) {
      warnings.addAll(adapter.warnings());
    }
    return warnings;
  }

  /** Returns the model that was read, an adapter included, as a forward pass in plain Java. */
  ReferenceModel reference(Workers workers) {
    ReferenceModel plain = ReferenceModel.open(config, tensors, workers);
    return layout == QkvLayout.INTERLEAVED ? plain.withInterleavedQkv() : plain;
  }

  /** Returns the files that were used, by their names in the manifest. */
  SortedMap<String, Path> files() {
    SortedMap<String, Path> files = new TreeMap<>();
    for (Path file : checkpoint.files()) {
      files.put(directory().relativize(file).toString(), file);
    }
    if (adapter != null) {
      adapter.files().forEach(file -> files.put(ADAPTER + file.getFileName(), file));
    }
    return files;
  }

  @Override
  public void close() {
    if (adapter != null) {
      adapter.close();
    }
    checkpoint.close();
  }
}

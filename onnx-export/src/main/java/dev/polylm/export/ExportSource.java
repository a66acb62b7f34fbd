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

/** An open checkpoint, with an adapter merged where one is asked for. */
final class ExportSource implements AutoCloseable {
  /** Before the names of an adapter's files in the manifest. */
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
   * Opens what the options name.
   *
   * @throws dev.polylm.PolyLmException if it is no checkpoint or no adapter, or they don't fit
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

  /** Decides the order of c_attn's outputs, which is concatenated until then. */
  void decide(QkvLayout decided) {
    layout = decided;
  }

  QkvLayout layout() {
    return layout;
  }

  /** What the files say and nothing depends on, a sentence each. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>(checkpoint.warnings());
    if (adapter != null) {
      warnings.addAll(adapter.warnings());
    }
    return warnings;
  }

  /** The model that was read, an adapter included, as plain Java computes it. */
  ReferenceModel reference(Workers workers) {
    ReferenceModel plain = ReferenceModel.open(config, tensors, workers);
    return layout == QkvLayout.INTERLEAVED ? plain.withInterleavedQkv() : plain;
  }

  /** The files that were used, by their names in the manifest. */
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

package dev.polylm.export.checkpoint;

import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.tensor.WeightFile;
import java.util.Map;

/** The formats of weight files. Hugging Face prefers them in this order. */
enum Format {
  SAFETENSORS("model.safetensors") {
    @Override
    Map<String, StoredTensor> read(WeightFile file) {
      return SafetensorsReader.read(file);
    }
  },
  TORCH("pytorch_model.bin") {
    @Override
    Map<String, StoredTensor> read(WeightFile file) {
      return TorchReader.read(file);
    }
  };

  private final String fileName;

  Format(String fileName) {
    this.fileName = fileName;
  }

  /** The file of a checkpoint that isn't sharded. */
  String fileName() {
    return fileName;
  }

  /** The file that names the shards of a sharded checkpoint. */
  String indexName() {
    return fileName + ".index.json";
  }

  /** Returns the tensors of a file by name. */
  abstract Map<String, StoredTensor> read(WeightFile file);
}

package dev.polylm.export.checkpoint;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.tensor.WeightFile;
import java.util.Map;
import java.util.TreeMap;

/** Reads the state dict of a file that {@code torch.save} wrote. */
final class TorchReader {
  private TorchReader() {}

  /** The tensors of a file by name. */
  static Map<String, StoredTensor> read(WeightFile file) {
    TorchArchive archive = TorchArchive.open(file);
    Map<String, StoredTensor> tensors = new TreeMap<>();
    StateDictUnpickler.load(file.name(), archive.pickle())
        .forEach((name, tensor) -> tensors.put(name, tensor.locate(file, archive, name)));
    if (tensors.isEmpty()) {
      throw new PolyLmException(file.name() + ": its state dict holds no tensor");
    }
    return tensors;
  }
}

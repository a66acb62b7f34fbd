package dev.polylm.export.checkpoint;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.tensor.WeightFile;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/** Reads the state dict of a file written by {@code torch.save}. */
public final class TorchReader {
  /** The beginning of a pickle of protocol 2, and so of a file from before PyTorch 1.6. */
  private static final short PICKLE_MAGIC = (short) 0x8002;

  private TorchReader() {}

  /**
   * Returns the tensors of a file by name. They can be read while the file is open.
   *
   * @throws PolyLmException if it is not such a file, is broken, or holds anything but tensors
   */
  public static Map<String, StoredTensor> read(WeightFile file) {
    Map<String, StoredTensor> tensors = isLegacy(file) ? LegacyTorchFile.read(file) : zipped(file);
    if (tensors.isEmpty()) {
      throw new PolyLmException(file.name() + ": its state dict holds no tensor");
    }
    return tensors;
  }

  private static boolean isLegacy(WeightFile file) {
    ByteBuffer start = ByteBuffer.allocate((int) Math.min(Short.BYTES, file.size()));
    file.read(start, 0);
    return start.limit() == Short.BYTES && start.getShort(0) == PICKLE_MAGIC;
  }

  private static Map<String, StoredTensor> zipped(WeightFile file) {
    TorchArchive archive = TorchArchive.open(file);
    Map<String, StoredTensor> tensors = new TreeMap<>();
    StateDictUnpickler.load(file.name(), new PickleInput(archive.pickle()))
        .stateDict()
        .forEach((name, tensor) -> tensors.put(name, tensor.locate(file, archive, name)));
    return tensors;
  }
}

package dev.polylm.export.checkpoint;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.tensor.WeightFile;
import dev.polylm.internal.untrusted.Quoted;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The file that {@code torch.save} wrote before PyTorch 1.6, and still writes if it is asked not to
 * write a zip. It begins with five pickles: a magic number, the protocol's version, facts about the
 * system, the state dict, and the list of its storages' keys. The storages follow in the order of
 * the list, each as its number of elements in 8 bytes and its elements. See {@code _legacy_save} of
 * https://github.com/pytorch/pytorch/blob/v2.7.0/torch/serialization.py.
 */
final class LegacyTorchFile implements TorchTensor.Storages {
  private static final String MAGIC_NUMBER = new BigInteger("1950a86a20f9469cfc6c", 16).toString();
  private static final String PROTOCOL_VERSION = "1001";

  /** The pickles are at the beginning; those of the largest models take a few MB. */
  private static final int MAX_PICKLE_BYTES = 32 << 20;

  private final WeightFile file;
  private final Map<String, Range> storages = new HashMap<>();

  private LegacyTorchFile(WeightFile file) {
    this.file = file;
  }

  /** Returns the tensors of the state dict by name. */
  static Map<String, StoredTensor> read(WeightFile file) {
    return new LegacyTorchFile(file).tensors();
  }

  private Map<String, StoredTensor> tensors() {
    PickleInput input = new PickleInput(beginning());
    expect("magic number", MAGIC_NUMBER, input);
    expect("protocol version", PROTOCOL_VERSION, input);
    Map<?, ?> system = StateDictUnpickler.load(file.name(), input).dict();
    if (Boolean.FALSE.equals(system.get("little_endian"))) {
      throw bad("was written on a big-endian machine, expected little-endian");
    }
    StateDictUnpickler.Pickle pickle = StateDictUnpickler.load(file.name(), input);
    List<String> keys = StateDictUnpickler.loadKeys(file.name(), input);
    placeStorages(keys, pickle.storages(), input.position());
    Map<String, StoredTensor> tensors = new TreeMap<>();
    pickle
        .stateDict()
        .forEach((name, tensor) -> tensors.put(name, tensor.locate(file, this, name)));
    return tensors;
  }

  private byte[] beginning() {
    ByteBuffer start = ByteBuffer.allocate((int) Math.min(file.size(), MAX_PICKLE_BYTES));
    file.read(start, 0);
    return start.array();
  }

  private void expect(String what, String expected, PickleInput input) {
    Object found = StateDictUnpickler.load(file.name(), input).value();
    if (!(found instanceof Number number) || !number.toString().equals(expected)) {
      throw bad(
          "has a %s that is not %s, expected what torch.save writes".formatted(what, expected));
    }
  }

  private void placeStorages(
      List<String> keys, Map<String, TorchTensor.Storage> known, long position) {
    ByteBuffer count = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    long at = position;
    for (String key : keys) {
      TorchTensor.Storage storage = known.get(key);
      if (storage == null) {
        throw bad("lists the storage %s, which no tensor has".formatted(Quoted.of(key)));
      }
      file.read(count.clear(), at);
      long elements = count.getLong(0);
      at += Long.BYTES;
      int width = storage.type().bytes();
      if (elements < 0 || elements > (file.size() - at) / width) {
        throw bad(
            "storage %s has %s elements of type %s from byte %s, but the file has %s bytes"
                .formatted(Quoted.of(key), elements, storage.type(), at, file.size()));
      }
      storages.put(key, new Range(at, elements * width));
      at += elements * width;
    }
    if (at != file.size()) {
      throw bad("has %s bytes after its last storage, expected none".formatted(file.size() - at));
    }
  }

  @Override
  public Range storage(String key) {
    Range range = storages.get(key);
    if (range == null) {
      throw bad("does not list the storage %s, which its pickle names".formatted(Quoted.of(key)));
    }
    return range;
  }

  private PolyLmException bad(String what) {
    return new PolyLmException(file.name() + ": " + what);
  }
}

package dev.polylm.export.checkpoint;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.ElementType;
import dev.polylm.export.tensor.FileTensor;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.tensor.TransposedTensor;
import dev.polylm.export.tensor.WeightFile;
import dev.polylm.internal.untrusted.Quoted;
import java.util.List;

/**
 * A tensor as a pickle describes it. The numbers are the arguments of {@code
 * torch._utils._rebuild_tensor_v2}, unchecked.
 *
 * @param storage holds the elements
 * @param offset of the first element in the storage, in elements
 * @param shape outermost dimension first
 * @param strides steps in the storage, in elements, one for each dimension
 */
record TorchTensor(Storage storage, long offset, List<Long> shape, List<Long> strides) {

  /**
   * The elements that tensors view. Several tensors may share them.
   *
   * @param type of the elements
   * @param key their name in the file
   * @param elements how many there are
   */
  record Storage(ElementType type, String key, long elements) {}

  /** Checks the numbers against the file's contents and returns the tensor in the file. */
  StoredTensor locate(WeightFile file, Storages storages, String name) {
    String where = file.name() + ": tensor " + name;
    if (shape.size() != strides.size()) {
      throw new PolyLmException(
          where + " has " + shape.size() + " dimensions and " + strides.size() + " strides");
    }
    long elements = Untrusted.elements(where, shape, storage.type());
    long position = position(where, storages.storage(storage.key()), elements);
    if (isContiguous(elements)) {
      return new FileTensor(name, file, storage.type(), shape, position);
    }
    if (isTransposed()) {
      List<Long> stored = List.of(shape.get(1), shape.get(0));
      return new TransposedTensor(new FileTensor(name, file, storage.type(), stored, position));
    }
    throw new PolyLmException(
        "%s has shape %s and strides %s, expected contiguous or a transposed matrix"
            .formatted(where, shape, strides));
  }

  /** Returns the place of the first element in the file, in bytes. */
  private long position(String where, Storages.Range range, long elements) {
    int width = storage.type().bytes();
    if (storage.elements() < 0 || storage.elements() > range.size() / width) {
      throw new PolyLmException(
          "%s has a storage of %s %s, but data/%s has %s bytes"
              .formatted(
                  where,
                  storage.elements(),
                  storage.type(),
                  Quoted.of(storage.key()),
                  range.size()));
    }
    if (offset < 0 || offset > storage.elements() || elements > storage.elements() - offset) {
      throw new PolyLmException(
          "%s has %s elements from element %s, but its storage has %s"
              .formatted(where, elements, offset, storage.elements()));
    }
    return range.position() + offset * width;
  }

  /**
   * Works as torch.Tensor.is_contiguous does: row-major, whatever the strides of dimensions of size
   * 1.
   */
  private boolean isContiguous(long elements) {
    long expected = 1;
    for (int i = shape.size() - 1; i >= 0 && elements > 0; i--) {
      if (shape.get(i) != 1 && strides.get(i) != expected) {
        return false;
      }
      expected *= shape.get(i);
    }
    return true;
  }

  private boolean isTransposed() {
    return shape.size() == 2 && strides.get(0) == 1 && strides.get(1).equals(shape.get(0));
  }

  /** Finds the elements of storages in a file written by {@code torch.save}. */
  interface Storages {

    /** A part of the file, in bytes. */
    record Range(long position, long size) {}

    /**
     * Returns where the bytes of a storage are.
     *
     * @throws dev.polylm.PolyLmException if the file has no storage with that key
     */
    Range storage(String key);
  }
}

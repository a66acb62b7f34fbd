package dev.polylm.internal.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.polylm.PolyLmException;
import dev.polylm.internal.adapter.AdapterMatrix;
import dev.polylm.internal.adapter.LoadedAdapter;
import dev.polylm.internal.model.TensorNames;
import dev.polylm.internal.unpacked.OnnxRuntimeLibrary;
import dev.polylm.model.AdapterFacts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The places that a graph's runs take adapters from: for each matrix the factors of several
 * adapters, stacked. Slot 0 holds zeros. The tensors are made once and rewritten in place. They are
 * as large as the adapters that were ever in use at the same time, and grow when that does not
 * suffice.
 *
 * <p>Only one thread at a time may use it, between runs.
 */
public final class AdapterTable implements AutoCloseable {
  private static final int RANK_STEP = 8;

  private final Map<String, int[]> sizes;
  private final int maxSlots;
  private final Stacks none; // one slot of rank 1, of zeros
  private Stacks stacks = new Stacks(); // none until an adapter is used
  private @Nullable LoadedAdapter[] slots = {}; // of those from 1 on
  private long[] lastUse = {}; // [slots]
  private long uses;
  private int rank;

  /**
   * @param sizes the inputs and outputs of each matrix that an adapter may change, by name
   */
  AdapterTable(Map<String, int[]> sizes, AdapterFacts limits) {
    this.sizes = new LinkedHashMap<>(sizes);
    this.maxSlots = limits.slots();
    this.none = stacks(1, 1);
  }

  /** Returns the inputs and outputs of each matrix that an adapter may change, by name. */
  public Map<String, int[]> sizes() {
    return sizes;
  }

  /** Makes stacks of zeros for so many slots. */
  private Stacks stacks(int count, int ofRank) {
    Stacks made = new Stacks();
    try {
      for (Map.Entry<String, int[]> size : sizes.entrySet()) {
        made.add(TensorNames.loraA(size.getKey()), count, size.getValue()[0], ofRank);
        made.add(TensorNames.loraB(size.getKey()), count, ofRank, size.getValue()[1]);
      }
      return made;
    } catch (OrtException e) {
      made.close();
      throw new PolyLmException("the adapters' tensors can't be made: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
  }

  /** The tensors of all matrices, and their memory. */
  private static final class Stacks implements AutoCloseable {
    final Map<String, OnnxTensor> tensors = new HashMap<>();
    final Map<String, NativeMemory> memory = new HashMap<>();

    void add(String name, int count, int rows, int columns) throws OrtException {
      long bytes = (long) count * rows * columns * Float.BYTES;
      if (bytes > Integer.MAX_VALUE) {
        throw new PolyLmException(
            "%s of %s adapters takes %s bytes, expected at most %s: export the model with fewer adapter slots"
                .formatted(name, count - 1, bytes, Integer.MAX_VALUE));
      }
      NativeMemory block = NativeMemory.allocate((int) bytes);
      memory.put(name, block);
      long[] shape = {count, rows, columns};
      tensors.put(
          name,
          OnnxTensor.createTensor(
              OnnxRuntimeLibrary.environment(), block.buffer(), shape, OnnxJavaType.FLOAT));
    }

    @Override
    public void close() {
      tensors.values().forEach(OnnxTensor::close);
      memory.values().forEach(NativeMemory::close);
    }
  }

  /**
   * Puts an adapter into a slot, unless it is in one.
   *
   * @param inUse the adapters that must stay in theirs
   * @return false if all slots are in use
   * @throws PolyLmException if there is not enough memory
   */
  public boolean place(LoadedAdapter adapter, Collection<LoadedAdapter> inUse) {
    int slot = indexOf(adapter);
    if (slot < 0) {
      List<LoadedAdapter> kept = inUse.stream().distinct().toList();
      if (kept.size() >= maxSlots) {
        return false;
      }
      if (kept.size() >= slots.length || adapter.rank() > rank) {
        grow(kept, adapter.rank());
      }
      slot = leastRecentlyUsed(kept);
      write(slot, adapter);
    }
    lastUse[slot] = ++uses;
    return true;
  }

  private int indexOf(LoadedAdapter adapter) {
    return Arrays.asList(slots).indexOf(adapter);
  }

  private int leastRecentlyUsed(List<LoadedAdapter> kept) {
    int found = -1;
    for (int slot = 0; slot < slots.length; slot++) {
      boolean free = slots[slot] == null || !kept.contains(slots[slot]);
      if (free && (found < 0 || lastUse[slot] < lastUse[found])) {
        found = slot;
      }
    }
    return found;
  }

  /** Makes the tensors anew, for one more adapter than those kept. */
  private void grow(List<LoadedAdapter> kept, int neededRank) {
    int power = Integer.highestOneBit(kept.size()) * 2; // at least kept.size() + 1, or 0
    int count = Math.max(slots.length, Math.min(maxSlots, Math.max(1, power)));
    int newRank = Math.max(rank, (neededRank + RANK_STEP - 1) / RANK_STEP * RANK_STEP);
    Stacks larger = stacks(count + 1, newRank); // if that fails, the present ones stay
    stacks.close();
    stacks = larger;
    rank = newRank;
    slots = new LoadedAdapter[count];
    lastUse = new long[count];
    for (int slot = 0; slot < kept.size(); slot++) {
      write(slot, kept.get(slot));
      lastUse[slot] = ++uses;
    }
  }

  private void write(int slot, LoadedAdapter adapter) {
    slots[slot] = adapter;
    Map<String, AdapterMatrix> matrices = adapter.matrices();
    if (matrices == null) {
      return; // freed: the requests that used it have ended
    }
    for (Map.Entry<String, int[]> size : sizes.entrySet()) {
      AdapterMatrix matrix = matrices.get(size.getKey());
      int in = size.getValue()[0];
      int out = size.getValue()[1];
      FloatBuffer a = part(TensorNames.loraA(size.getKey()), slot + 1, in * rank);
      FloatBuffer b = part(TensorNames.loraB(size.getKey()), slot + 1, rank * out);
      a.put(new float[in * rank]);
      b.put(new float[rank * out]);
      if (matrix != null) {
        int own = matrix.shape().rank();
        for (int row = 0; row < in; row++) {
          a.put(row * rank, matrix.a(), row * own, own);
        }
        b.put(0, matrix.b(), 0, own * out);
      }
    }
  }

  private FloatBuffer part(String name, int slot, int length) {
    NativeMemory block = stacks.memory.get(name);
    if (block == null) {
      throw new IllegalStateException(name);
    }
    ByteBuffer buffer = block.buffer().slice(slot * length * Float.BYTES, length * Float.BYTES);
    return buffer.order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** Returns the slot of a row's adapter: 0 for none. */
  int slot(@Nullable LoadedAdapter adapter) {
    if (adapter == null) {
      return 0;
    }
    int index = indexOf(adapter);
    if (index < 0) {
      throw new IllegalStateException("the adapter %s is in no slot".formatted(adapter));
    }
    return index + 1;
  }

  /**
   * Returns the tensors of a run.
   *
   * @param any whether a row has an adapter; a run without any reads only zeros of rank 1
   */
  Map<String, OnnxTensor> tensors(boolean any) {
    return any ? stacks.tensors : none.tensors;
  }

  @Override
  public void close() {
    stacks.close();
    none.close();
  }
}

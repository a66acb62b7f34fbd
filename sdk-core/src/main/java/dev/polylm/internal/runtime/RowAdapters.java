package dev.polylm.internal.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.polylm.internal.adapter.LoadedAdapter;
import dev.polylm.internal.model.TensorNames;
import dev.polylm.internal.unpacked.OnnxRuntimeLibrary;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The adapters of rows, and the inputs of their runs that follow from them. */
final class RowAdapters implements AutoCloseable {
  private final @Nullable AdapterTable table; // null if the graph takes no adapters
  private @Nullable LoadedAdapter[] rows;
  private long[] lastSlots = {};
  private @Nullable OnnxTensor lastTensor; // of these slots

  RowAdapters(@Nullable AdapterTable table, int rows) {
    this.table = table;
    this.rows = new LoadedAdapter[rows];
  }

  @Nullable LoadedAdapter of(int row) {
    return rows[row];
  }

  void set(int row, @Nullable LoadedAdapter adapter) {
    rows[row] = adapter;
  }

  void swap(int a, int b) {
    LoadedAdapter row = rows[a];
    rows[a] = rows[b];
    rows[b] = row;
  }

  void resize(int count) {
    rows = Arrays.copyOf(rows, count);
  }

  /** Puts the adapters of a run's rows into its inputs. */
  void addTo(Map<String, OnnxTensor> inputs, int first, int count) throws OrtException {
    if (table == null) {
      return;
    }
    AdapterTable from = table;
    long[] slots = new long[count];
    Arrays.setAll(slots, i -> from.slot(rows[first + i]));
    boolean same = Arrays.stream(slots).allMatch(slot -> slot == slots[0]);
    OnnxTensor places = tensor(same ? new long[] {slots[0]} : slots);
    inputs.put(TensorNames.ADAPTER_SLOTS, places);
    if (from.sizes().containsKey(TensorNames.HEAD)) {
      inputs.put(TensorNames.ADAPTER_LOGITS_SLOTS, places); // each row has one of logits, or all
    }
    inputs.putAll(from.tensors(!same || slots[0] != 0));
  }

  private OnnxTensor tensor(long[] slots) throws OrtException {
    OnnxTensor last = lastTensor;
    if (last == null || !Arrays.equals(slots, lastSlots)) {
      close();
      long[] shape = {slots.length};
      last =
          OnnxTensor.createTensor(OnnxRuntimeLibrary.environment(), LongBuffer.wrap(slots), shape);
      lastTensor = last;
      lastSlots = slots;
    }
    return last;
  }

  /** Frees the tensor; idempotent. */
  @Override
  public void close() {
    if (lastTensor != null) {
      lastTensor.close();
      lastTensor = null;
    }
  }
}

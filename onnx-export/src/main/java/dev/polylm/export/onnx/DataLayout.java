package dev.polylm.export.onnx;

import dev.polylm.export.graph.ExternalTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Where each tensor begins in the data file.
 *
 * @param slots in the file's order
 */
record DataLayout(List<Slot> slots) {
  /** A page: what mapping needs on Linux and macOS. */
  private static final long PAGE = 4096;

  /** What mapping needs on Windows; worth its padding for large tensors only. */
  private static final long ALLOCATION_GRANULARITY = 65536;

  private static final long LARGE = 1 << 20;

  record Slot(ExternalTensor tensor, long offset) {
    long end() {
      return offset + tensor.bytes();
    }
  }

  static DataLayout of(List<ExternalTensor> tensors) {
    List<Slot> slots = new ArrayList<>();
    long end = 0;
    for (ExternalTensor tensor : tensors) {
      long alignment = tensor.bytes() >= LARGE ? ALLOCATION_GRANULARITY : PAGE;
      Slot slot = new Slot(tensor, (end + alignment - 1) / alignment * alignment);
      slots.add(slot);
      end = slot.end();
    }
    return new DataLayout(List.copyOf(slots));
  }

  /** The file's length. */
  long bytes() {
    return slots.isEmpty() ? 0 : slots.get(slots.size() - 1).end();
  }
}

package dev.polylm.export.onnx;

import dev.polylm.export.graph.ExternalTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where each tensor begins in the data file.
 *
 * @param slots in the file's order
 * @param shared other names for tensors in the slots
 */
record DataLayout(List<Slot> slots, List<Slot> shared) {
  /** A page, to which Linux and macOS align mappings. */
  private static final long PAGE = 4096;

  /** The alignment of mappings on Windows. Only large tensors are worth its padding. */
  private static final long ALLOCATION_GRANULARITY = 65536;

  private static final long LARGE = 1 << 20;

  record Slot(ExternalTensor tensor, long offset) {
    long end() {
      return offset + tensor.bytes();
    }
  }

  static DataLayout of(List<ExternalTensor> tensors) {
    Map<String, Slot> slots = new LinkedHashMap<>();
    long end = 0;
    for (ExternalTensor tensor : tensors) {
      if (tensor.storedAs().equals(tensor.name())) {
        long alignment = tensor.bytes() >= LARGE ? ALLOCATION_GRANULARITY : PAGE;
        Slot slot = new Slot(tensor, (end + alignment - 1) / alignment * alignment);
        slots.put(tensor.name(), slot);
        end = slot.end();
      }
    }
    List<Slot> shared =
        tensors.stream()
            .filter(tensor -> !tensor.storedAs().equals(tensor.name()))
            .map(
                tensor ->
                    new Slot(tensor, Objects.requireNonNull(slots.get(tensor.storedAs())).offset()))
            .toList();
    return new DataLayout(List.copyOf(slots.values()), shared);
  }

  /** Returns the file's length. */
  long bytes() {
    return slots.isEmpty() ? 0 : slots.get(slots.size() - 1).end();
  }
}

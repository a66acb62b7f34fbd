package dev.polylm.export.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.FileTensor;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.tensor.WeightFile;
import dev.polylm.export.untrusted.JsonFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the header of a safetensors file, as specified in
 * https://github.com/huggingface/safetensors/blob/v0.5.3/README.md#format: eight bytes of length,
 * JSON of that length, and the tensors' bytes without a gap.
 */
public final class SafetensorsReader {
  private static final int LENGTH_BYTES = 8;
  private static final long MAX_HEADER_BYTES = 100_000_000;
  private static final String METADATA = "__metadata__";

  private final WeightFile file;

  private SafetensorsReader(WeightFile file) {
    this.file = file;
  }

  /**
   * Returns the tensors of a file by name. They can be read while the file is open.
   *
   * @throws PolyLmException if the header is invalid or does not fit the file
   */
  public static Map<String, StoredTensor> read(WeightFile file) {
    return new SafetensorsReader(file).tensors();
  }

  private Map<String, StoredTensor> tensors() {
    int headerLength = headerLength();
    long dataStart = LENGTH_BYTES + (long) headerLength;
    List<SafetensorsEntry> entries = entries(header(headerLength));
    checkCoverage(entries, file.size() - dataStart);
    Map<String, StoredTensor> tensors = new TreeMap<>();
    for (SafetensorsEntry entry : entries) {
      tensors.put(
          entry.name(),
          new FileTensor(
              entry.name(), file, entry.type(), entry.shape(), dataStart + entry.begin()));
    }
    return tensors;
  }

  private int headerLength() {
    if (file.size() < LENGTH_BYTES) {
      throw bad("has " + file.size() + " bytes, expected a header's length in the first 8");
    }
    ByteBuffer buffer = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.read(buffer, 0);
    long length = buffer.getLong(0);
    String found = "the header's length is " + Long.toUnsignedString(length);
    if (length < 2 || length > MAX_HEADER_BYTES) {
      throw bad(found + ", expected 2 to " + MAX_HEADER_BYTES + " bytes");
    }
    if (length > file.size() - LENGTH_BYTES) {
      throw bad(found + ", but only " + (file.size() - LENGTH_BYTES) + " bytes follow");
    }
    return (int) length;
  }

  private ObjectNode header(int length) {
    ByteBuffer content = ByteBuffer.allocate(length);
    file.read(content, LENGTH_BYTES);
    return JsonFile.parse(file.name() + ": the header", content.array());
  }

  private List<SafetensorsEntry> entries(ObjectNode header) {
    List<SafetensorsEntry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : header.properties()) {
      if (!property.getKey().equals(METADATA)) {
        entries.add(SafetensorsEntry.parse(file.name(), property.getKey(), property.getValue()));
      } else if (!property.getValue().isObject() && !property.getValue().isNull()) {
        throw bad(METADATA + " is " + JsonFile.shown(property.getValue()) + ", expected an object");
      }
    }
    if (entries.isEmpty()) {
      throw bad("the header names no tensor");
    }
    entries.sort(
        Comparator.comparingLong(SafetensorsEntry::begin)
            .thenComparingLong(SafetensorsEntry::end)
            .thenComparing(SafetensorsEntry::name));
    return entries;
  }

  /** Checks that every byte belongs to exactly one tensor. */
  private void checkCoverage(List<SafetensorsEntry> entries, long dataLength) {
    long end = 0;
    String before = "the header";
    for (SafetensorsEntry entry : entries) {
      if (entry.end() > dataLength) {
        throw bad(
            "tensor %s ends at byte %s of the data, which has %s"
                .formatted(entry.name(), entry.end(), dataLength));
      }
      if (entry.begin() != end) {
        throw bad(
            "tensor %s begins at byte %s of the data, %s where %s ends at %s; expected no %s"
                .formatted(
                    entry.name(),
                    entry.begin(),
                    entry.begin() < end ? "before" : "after",
                    before,
                    end,
                    entry.begin() < end ? "overlap" : "hole"));
      }
      end = entry.end();
      before = entry.name();
    }
    if (end != dataLength) {
      throw bad(
          (dataLength - end) + " bytes follow the last tensor, " + before + ", expected none");
    }
  }

  private PolyLmException bad(String what) {
    return new PolyLmException(file.name() + ": " + what);
  }
}

package dev.polylm.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.export.checkpoint.PickleBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import net.razorvine.pickle.Opcodes;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Writes files of random bf16 weights in both formats of checkpoints. */
final class RandomWeights {
  private static final int ELEMENT_BYTES = 2;

  /**
   * 1 MB of weights, which every tensor begins with and repeats: making more is slower than a disk.
   */
  private static final byte[] WINDOW = window();

  private RandomWeights() {}

  /** The length of a tensor. */
  static long bytes(List<Integer> shape) {
    return ELEMENT_BYTES * shape.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
  }

  /** Writes tensors of these shapes behind a safetensors header. */
  static void writeSafetensors(Path file, Map<String, List<Integer>> shapes) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(header(shapes));
      for (List<Integer> shape : shapes.values()) {
        write(out, bytes(shape));
      }
    }
  }

  /** Writes a safetensors header, and tensors that are one hole in the file. */
  static void writeSparse(Path file, Map<String, List<Integer>> shapes) throws IOException {
    byte[] header = header(shapes);
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      out.write(header);
      out.setLength(header.length + shapes.values().stream().mapToLong(RandomWeights::bytes).sum());
    }
  }

  private static byte[] header(Map<String, List<Integer>> shapes) throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    long end = 0;
    for (Map.Entry<String, List<Integer>> entry : shapes.entrySet()) {
      long start = end;
      end += bytes(entry.getValue());
      header.put(
          entry.getKey(),
          Map.of("dtype", "BF16", "shape", entry.getValue(), "data_offsets", List.of(start, end)));
    }
    byte[] json = new ObjectMapper().writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + json.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  /** Writes tensors of these shapes as torch.save does: a zip of a pickle and stored storages. */
  static void writeTorch(Path file, Map<String, List<Integer>> shapes) throws IOException {
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(file)) {
      zip.setMethod(ZipEntry.STORED);
      zip.setUseZip64(Zip64Mode.AsNeeded);
      put(zip, "archive/data.pkl", pickle(shapes));
      put(zip, "archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      int key = 0;
      for (List<Integer> shape : shapes.values()) {
        ZipArchiveEntry entry = new ZipArchiveEntry("archive/data/" + key++);
        entry.setSize(bytes(shape));
        zip.putArchiveEntry(entry);
        write(zip, bytes(shape));
        zip.closeArchiveEntry();
      }
      put(zip, "archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static void put(ZipArchiveOutputStream zip, String name, byte[] content)
      throws IOException {
    zip.putArchiveEntry(new ZipArchiveEntry(name));
    zip.write(content);
    zip.closeArchiveEntry();
  }

  private static byte[] pickle(Map<String, List<Integer>> shapes) {
    PickleBytes pickle = new PickleBytes().op(Opcodes.EMPTY_DICT).op(Opcodes.MARK);
    int key = 0;
    for (Map.Entry<String, List<Integer>> entry : shapes.entrySet()) {
      long[] shape = entry.getValue().stream().mapToLong(Integer::longValue).toArray();
      long elements = bytes(entry.getValue()) / ELEMENT_BYTES;
      pickle.text(entry.getKey());
      pickle.tensor("BFloat16Storage", Integer.toString(key++), elements, 0, shape);
    }
    return pickle.op(Opcodes.SETITEMS).stop();
  }

  private static void write(OutputStream out, long bytes) throws IOException {
    for (long done = 0; done < bytes; done += WINDOW.length) {
      out.write(WINDOW, 0, (int) Math.min(WINDOW.length, bytes - done));
    }
  }

  /** Numbers in (-0.04, 0.04), which is what a trained model's weights look like in size. */
  private static byte[] window() {
    SplittableRandom random = new SplittableRandom(17);
    ByteBuffer window = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    while (window.hasRemaining()) {
      float value = (float) random.nextDouble(-0.04, 0.04);
      window.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
    }
    return window.array();
  }
}

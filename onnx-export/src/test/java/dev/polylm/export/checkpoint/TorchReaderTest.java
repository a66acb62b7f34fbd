package dev.polylm.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.tensor.WeightFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import net.razorvine.pickle.Opcodes;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchReaderTest {
  private static final int[] LOCAL_HEADER = {'P', 'K', 3, 4};
  private static final int[] DIRECTORY_HEADER = {'P', 'K', 1, 2};

  @TempDir Path folder;

  private Map<String, StoredTensor> read(byte[] content) throws IOException {
    Path path = Files.write(folder.resolve("pytorch_model.bin"), content);
    try (WeightFile file = WeightFile.open(path)) {
      return TorchReader.read(file);
    }
  }

  private void assertRefused(byte[] content, String message) {
    Fixtures.assertRefused(() -> read(content), "pytorch_model.bin: " + message);
  }

  /** A zip of a pickle that holds one tensor w, and storage 0 of 24 bytes. */
  private Map<String, byte[]> entries(PickleBytes tensorOnly) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("m/data.pkl", tensorOnly.op(Opcodes.SETITEM).stop());
    entries.put("m/data/0", floats(0, 1, 2, 3, 4, 5));
    entries.put("m/version", "3\n".getBytes(StandardCharsets.UTF_8));
    return entries;
  }

  private static PickleBytes named() {
    return new PickleBytes().op(Opcodes.EMPTY_DICT).text("w");
  }

  private Map<String, byte[]> good() {
    return entries(named().tensor("FloatStorage", "0", 6, 0, 2, 3));
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private byte[] zip(Map<String, byte[]> entries) throws IOException {
    return zip(entries, Zip64Mode.AsNeeded, ZipArchiveEntry.STORED);
  }

  private byte[] zip(Map<String, byte[]> entries, Zip64Mode mode, int method) throws IOException {
    Path path = folder.resolve("made.zip");
    try (OutputStream out = Files.newOutputStream(path);
        ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
      zip.setUseZip64(mode);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipArchiveEntry header = new ZipArchiveEntry(entry.getKey());
        CRC32 crc = new CRC32();
        crc.update(entry.getValue());
        header.setMethod(method);
        header.setSize(entry.getValue().length);
        header.setCrc(crc.getValue());
        zip.putArchiveEntry(header);
        zip.write(entry.getValue());
        zip.closeArchiveEntry();
      }
    }
    return Files.readAllBytes(path);
  }

  private static float[] elements(StoredTensor tensor) {
    float[] elements = new float[(int) tensor.elements()];
    tensor.read(0, elements, 0, elements.length);
    return elements;
  }

  @Test
  void everyKindOfTensorIsWhatPyTorchSaved() {
    JsonNode expected =
        Fixtures.json(Fixtures.resource("torch-views/tensors.json")).path("tensors");
    try (Checkpoint checkpoint = Checkpoint.open(Fixtures.resource("torch-views"))) {
      assertThat(checkpoint.tensors()).hasSize(expected.size());
      checkpoint.tensors().forEach((name, tensor) -> assertTensor(tensor, expected.path(name)));
    }
  }

  private static void assertTensor(StoredTensor tensor, JsonNode expected) {
    assertThat(tensor.type().name()).as(tensor.name()).isEqualTo(expected.path("type").asText());
    assertThat(tensor.shape().toString().replace(" ", ""))
        .as(tensor.name())
        .isEqualTo(expected.path("shape").toString());
    if (tensor.type().isWeight()) {
      float[] elements = new float[expected.path("elements").size()];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = expected.path("elements").get(i).floatValue();
      }
      assertThat(elements(tensor)).as(tensor.name()).containsExactly(elements);
    } else {
      Fixtures.assertRefused(
          () -> elements(tensor),
          "pytorch_model.bin: tensor %s has type %s, expected F64, F32, F16 or BF16"
              .formatted(tensor.name(), tensor.type()));
    }
  }

  @Test
  void zip64IsRead() throws IOException {
    byte[] content = zip(good(), Zip64Mode.Always, ZipArchiveEntry.STORED);
    Path path = Files.write(folder.resolve("pytorch_model.bin"), content);
    try (WeightFile file = WeightFile.open(path)) {
      assertThat(elements(TorchReader.read(file).get("w"))).containsExactly(0, 1, 2, 3, 4, 5);
    }
  }

  @Test
  void whatIsNoZipIsRefused() throws IOException {
    assertRefused(new byte[100], "is not a zip file, expected what torch.save writes");
    assertRefused(new byte[3], "is not a zip file, expected what torch.save writes");
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(Fixtures.checkpoint("bin-bf16").resolve("pytorch_model.bin"));
    for (int length : new int[] {5, 1000, whole.length / 2, whole.length - 1}) {
      Fixtures.assertRefusedStarting(
          () -> read(Arrays.copyOf(whole, length)), "pytorch_model.bin: is not a valid zip file: ");
    }
  }

  /** The library says so with an exception that has no message. */
  @Test
  void aNameBeyondTheEndIsRefused() throws IOException {
    byte[] content = zip(good());
    int nameLength = find(content, DIRECTORY_HEADER, 0) + 28;
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putShort(nameLength, (short) 0xffff);
    assertRefused(content, "is not a valid zip file: it ends before its directory does");
  }

  @Test
  void compressedEntriesAreRefused() throws IOException {
    assertRefused(
        zip(good(), Zip64Mode.AsNeeded, ZipArchiveEntry.DEFLATED),
        "entry m/data.pkl is compressed or encrypted, expected stored as it is");
  }

  @Test
  void entriesOutsideTheFileAreRefused() throws IOException {
    byte[] content = zip(good());
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int directory = find(content, DIRECTORY_HEADER, 0);
    int sizes = directory + 20;
    bytes.putInt(sizes, 1_000_000);
    assertRefused(
        content, "is not a valid zip file: data for m/data.pkl overlaps with central directory.");
    bytes.putInt(sizes, 10);
    assertRefused(
        content,
        "entry m/data.pkl has %d bytes, and 10 stored; expected the same number"
            .formatted(bytes.getInt(sizes + 4)));
    bytes.putInt(directory + 42, 900_000_000);
    Fixtures.assertRefusedStarting(
        () -> read(content),
        "pytorch_model.bin: is not a valid zip file: local file header for m/data");
  }

  @Test
  void zip64SizesThatLieAreRefused() throws IOException {
    byte[] content = zip(good(), Zip64Mode.Always, ZipArchiveEntry.STORED);
    int sizes = find(content, DIRECTORY_HEADER, 0) + 46 + "m/data.pkl".length() + 4;
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(sizes, -1).putLong(sizes + 8, -1);
    assertRefused(content, "is not a valid zip file: broken archive, entry with negative size");
    bytes.putLong(sizes, Long.MAX_VALUE).putLong(sizes + 8, Long.MAX_VALUE);
    assertRefused(
        content,
        "entry m/data.pkl has 9223372036854775807 bytes from byte 60, but the file has "
            + content.length);
  }

  private static int find(byte[] content, int[] magic, int from) {
    for (int i = from; ; i++) {
      if (content[i] == magic[0]
          && content[i + 1] == magic[1]
          && content[i + 2] == magic[2]
          && content[i + 3] == magic[3]) {
        return i;
      }
    }
  }

  @Test
  void twoEntriesOfOneNameAreRefused() throws IOException {
    Map<String, byte[]> entries = good();
    entries.put("m/data/1", new byte[4]);
    byte[] content = zip(entries);
    // m/data/1 becomes m/data/0 in its local header and in the directory.
    int last = "m/data/".length();
    int local = find(content, LOCAL_HEADER, 0);
    for (int i = 0; i < 3; i++) {
      local = find(content, LOCAL_HEADER, local + 1);
    }
    int directory = find(content, DIRECTORY_HEADER, 0);
    for (int i = 0; i < 3; i++) {
      directory = find(content, DIRECTORY_HEADER, directory + 1);
    }
    content[local + 30 + last] = '0';
    content[directory + 46 + last] = '0';
    assertRefused(content, "has two entries m/data/0");
  }

  @Test
  void aDirectoryThatWouldFillTheHeapIsRefused() throws IOException {
    Map<String, byte[]> entries = good();
    for (int i = 0; i < 150; i++) {
      entries.put("m/" + "x".repeat(60_000) + i, new byte[0]);
    }
    assertRefused(zip(entries), "is not a valid zip file: the directory is too large");
  }

  @Test
  void anArchiveOfAnotherFormIsRefused() throws IOException {
    Map<String, byte[]> noPickle = good();
    noPickle.remove("m/data.pkl");
    assertRefused(zip(noPickle), "has 0 entries data.pkl, expected one");
    Map<String, byte[]> twoPickles = good();
    twoPickles.put("n/data.pkl", new byte[1]);
    assertRefused(zip(twoPickles), "has 2 entries data.pkl, expected one");
    Map<String, byte[]> bigEndian = good();
    bigEndian.put("m/byteorder", "big".getBytes(StandardCharsets.UTF_8));
    assertRefused(zip(bigEndian), "has byteorder big, expected little");
    Map<String, byte[]> longOrder = good();
    longOrder.put("m/byteorder", new byte[17]);
    assertRefused(zip(longOrder), "entry m/byteorder has 17 bytes, expected up to 16");
    Map<String, byte[]> version = good();
    version.put("m/version", "11\n".getBytes(StandardCharsets.UTF_8));
    assertRefused(zip(version), "has version 11, expected 1 to 10");
    Map<String, byte[]> empty = good();
    empty.put("m/data.pkl", new PickleBytes().op(Opcodes.EMPTY_DICT).stop());
    assertRefused(zip(empty), "its state dict holds no tensor");
  }

  @Test
  void aTensorThatItsStorageCannotHoldIsRefused() throws IOException {
    assertTensorRefused(
        named().tensor("FloatStorage", "0", 6, 1, 2, 3),
        "tensor w has 6 elements from element 1, but its storage has 6");
    assertTensorRefused(
        named().tensor("FloatStorage", "0", 6, -1, 2, 3),
        "tensor w has 6 elements from element -1, but its storage has 6");
    assertTensorRefused(
        named().tensor("FloatStorage", "0", 7, 0, 7),
        "tensor w has a storage of 7 F32, but data/0 has 24 bytes");
    assertTensorRefused(
        named().tensor("FloatStorage", "0", -1, 0, 7),
        "tensor w has a storage of -1 F32, but data/0 has 24 bytes");
    assertTensorRefused(
        named().tensor("DoubleStorage", "0", Long.MAX_VALUE, 0, 7),
        "tensor w has a storage of 9223372036854775807 F64, but data/0 has 24 bytes");
    assertTensorRefused(
        named().tensor("FloatStorage", "5", 6, 0, 6),
        "has no entry m/data/5, which its pickle names");
  }

  @Test
  void shapesAndStridesThatCannotBeAreRefused() throws IOException {
    assertTensorRefused(
        named().tensor("FloatStorage", "0", 6, 0, -1),
        "tensor w has shape [-1], expected no negative size");
    assertTensorRefused(
        named().tensor("FloatStorage", "0", 6, 0, 1L << 40, 1L << 40),
        "tensor w has shape [1099511627776, 1099511627776], expected fewer than 2^63 bytes");
    assertTensorRefused(
        named().tensor("FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {1}),
        "tensor w has 2 dimensions and 1 strides");
    assertTensorRefused(
        named().tensor("FloatStorage", "0", 6, 0, new long[] {2, 3}, new long[] {0, 1}),
        "tensor w has shape [2, 3] and strides [0, 1], expected contiguous or a transposed matrix");
    assertTensorRefused(
        named().tensor("FloatStorage", "0", 6, 0, new long[] {2, 2}, new long[] {3, 1}),
        "tensor w has shape [2, 2] and strides [3, 1], expected contiguous or a transposed matrix");
  }

  private void assertTensorRefused(PickleBytes pickle, String message) throws IOException {
    assertRefused(zip(entries(pickle)), message);
  }
}

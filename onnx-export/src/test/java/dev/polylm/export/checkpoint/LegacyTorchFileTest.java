package dev.polylm.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.tensor.WeightFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import net.razorvine.pickle.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of PyTorch before 1.6 that lie; those that it writes are held by SmallCheckpointsTest. */
class LegacyTorchFileTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Map<String, StoredTensor> read(byte[] content) throws IOException {
    Path path = Files.write(folder.resolve("pytorch_model.bin"), content);
    try (WeightFile file = WeightFile.open(path)) {
      return TorchReader.read(file);
    }
  }

  private void assertRefused(byte[] content, String message) {
    Fixtures.assertRefused(() -> read(content), "pytorch_model.bin: " + message);
  }

  private LegacyTorchFileTest beginning() {
    BigInteger magic = new BigInteger("1950a86a20f9469cfc6c", 16);
    byte[] bytes = new byte[10];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = magic.shiftRight(8 * i).byteValue();
    }
    return add(new PickleBytes().op(Opcodes.LONG1).raw(10).raw(bytes).stop())
        .add(new PickleBytes().number(1001).stop())
        .add(new PickleBytes().op(Opcodes.EMPTY_DICT).stop());
  }

  private LegacyTorchFileTest add(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** A state dict of one tensor w of two floats, and the keys of its storages. */
  private LegacyTorchFileTest dict(String... keys) {
    PickleBytes dict = new PickleBytes().op(Opcodes.EMPTY_DICT).text("w");
    add(dict.tensor("FloatStorage", "7", 2, 0, 2).op(Opcodes.SETITEM).stop());
    PickleBytes list = new PickleBytes().op(Opcodes.EMPTY_LIST).op(Opcodes.MARK);
    Arrays.stream(keys).forEach(list::text);
    return add(list.op(Opcodes.APPENDS).stop());
  }

  private LegacyTorchFileTest storage(long elements, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN).putLong(elements);
    bytes.asFloatBuffer().put(values);
    return add(bytes.array());
  }

  private byte[] whole() {
    byte[] bytes = out.toByteArray();
    out.reset();
    return bytes;
  }

  @Test
  void aGoodFileIsRead() throws IOException {
    Path path =
        Files.write(folder.resolve("good.bin"), beginning().dict("7").storage(2, 1.5f, -2).whole());
    try (WeightFile file = WeightFile.open(path)) {
      float[] elements = new float[2];
      TorchReader.read(file).get("w").read(0, elements, 0, 2);
      assertThat(elements).containsExactly(1.5f, -2);
    }
  }

  @Test
  void otherNumbersAtTheBeginningAreRefused() {
    assertRefused(
        new PickleBytes().number(7).stop(),
        "has a magic number that is not 119547037146038801333356, expected what torch.save writes");
    add(Arrays.copyOf(beginning().whole(), 15)).add(new PickleBytes().number(1002).stop());
    assertRefused(
        whole(), "has a protocol version that is not 1001, expected what torch.save writes");
  }

  @Test
  void storagesThatLieAreRefused() {
    int at = beginning().dict("7").whole().length + 8;
    assertRefused(
        beginning().dict("7").storage(3, 1, 2).whole(),
        "storage 7 has 3 elements of type F32 from byte %d, but the file has %d bytes"
            .formatted(at, at + 8));
    assertRefused(
        beginning().dict("7").storage(-1, 1, 2).whole(),
        "storage 7 has -1 elements of type F32 from byte %d, but the file has %d bytes"
            .formatted(at, at + 8));
    assertRefused(
        beginning().dict("7").storage(Long.MAX_VALUE, 1, 2).whole(),
        "storage 7 has 9223372036854775807 elements of type F32 from byte %d, but the file has %d"
                .formatted(at, at + 8)
            + " bytes");
    assertRefused(
        beginning().dict("7").storage(1, 1).whole(),
        "tensor w has a storage of 2 F32, but data/7 has 4 bytes");
    assertRefused(
        beginning().dict("7").storage(2, 1, 2, 3).whole(),
        "has 4 bytes after its last storage, expected none");
    assertRefused(
        beginning().dict("8").storage(2, 1, 2).whole(), "lists the storage 8, which no tensor has");
    assertRefused(
        beginning().dict().whole(), "does not list the storage 7, which its pickle names");
  }

  @Test
  void aListIsNoStateDict() {
    byte[] list = new PickleBytes().op(Opcodes.EMPTY_LIST).stop();
    assertRefused(
        beginning().add(list).whole(),
        "the pickle has the opcode 0x5d at byte %d, which no state dict needs; refused"
            .formatted(beginning().whole().length + 2));
    byte[] dict = new PickleBytes().op(Opcodes.EMPTY_DICT).stop();
    assertRefused(
        beginning().add(dict).add(dict).whole(),
        "the pickle holds a dict, expected a list of texts");
    assertRefused(beginning().add(dict).add(list).whole(), "its state dict holds no tensor");
  }

  @Test
  void aTruncatedFileIsRefused() {
    byte[] good = beginning().dict("7").storage(2, 1, 2).whole();
    for (int length = 3; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      Fixtures.assertRefusedStarting(() -> read(cut), "pytorch_model.bin: ");
    }
  }
}

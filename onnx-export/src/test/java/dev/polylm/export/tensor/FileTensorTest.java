package dev.polylm.export.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTensorTest {
  @TempDir Path folder;

  /** Element i is i modulo 65,536 as the bits of a BF16; three windows and a bit. */
  private static final int ELEMENTS = 400_001;

  private Path counting() throws IOException {
    ByteBuffer content = ByteBuffer.allocate(3 + 2 * ELEMENTS).order(ByteOrder.LITTLE_ENDIAN);
    content.position(3);
    for (int i = 0; i < ELEMENTS; i++) {
      content.putShort((short) i);
    }
    return Files.write(folder.resolve("counting.bin"), content.array());
  }

  private static FileTensor counting(WeightFile file) {
    return new FileTensor("t", file, ElementType.BF16, List.of((long) ELEMENTS), 3);
  }

  private static void assertCounting(StoredTensor tensor, int from, int length) {
    float[] read = new float[length + 2];
    tensor.read(from, read, 1, length);
    assertThat(read[0]).isZero();
    assertThat(read[length + 1]).isZero();
    for (int i = 0; i < length; i++) {
      int expected = (from + i & 0xffff) << 16;
      if (Float.floatToRawIntBits(read[i + 1]) != expected) {
        assertThat(read[i + 1])
            .as("element %d", from + i)
            .isEqualTo(Float.intBitsToFloat(expected));
      }
    }
  }

  @Test
  void readsAcrossWindowsAtAnUnalignedPosition() throws IOException {
    try (WeightFile file = WeightFile.open(counting())) {
      assertCounting(counting(file), 0, ELEMENTS);
      assertCounting(counting(file), 131_071, 131_074);
      assertCounting(counting(file), ELEMENTS - 1, 1);
      assertCounting(counting(file), ELEMENTS, 0);
    }
  }

  @Test
  void twoThreadsReadAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (WeightFile file = WeightFile.open(counting())) {
      Callable<Void> forwards =
          () -> {
            for (int from = 0; from < 200_000; from += 997) {
              assertCounting(counting(file), from, 1500);
            }
            return null;
          };
      Callable<Void> backwards =
          () -> {
            for (int from = 390_000; from > 200_000; from -= 991) {
              assertCounting(counting(file), from, 1600);
            }
            return null;
          };
      for (Future<Void> done : threads.invokeAll(List.of(forwards, backwards))) {
        done.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aTensorMayBeLargerThanTwoGigabytes() throws IOException {
    long elements = 3L << 30;
    Path path = folder.resolve("sparse.bin");
    try (FileChannel channel =
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE))) {
      ByteBuffer end = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      channel.write(end.putShort((short) 0x3f80).putShort((short) 0x4000).flip(), elements * 2 - 4);
    }
    try (WeightFile file = WeightFile.open(path)) {
      FileTensor tensor = new FileTensor("t", file, ElementType.BF16, List.of(3L, 1L << 30), 0);
      float[] last = new float[3];
      tensor.read(elements - 3, last, 0, 3);
      assertThat(last).containsExactly(0, 1, 2);
      assertThat(tensor.elements()).isEqualTo(elements);
    }
  }

  @Test
  void aRangeOutsideTheTensorOrTheTargetIsRefused() throws IOException {
    try (WeightFile file = WeightFile.open(counting())) {
      FileTensor tensor = counting(file);
      float[] target = new float[10];
      assertThatThrownBy(() -> tensor.read(ELEMENTS - 9, target, 0, 10))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> tensor.read(-1, target, 0, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> tensor.read(0, target, 5, 6))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void otherTypesThanWeightsAreNotRead() throws IOException {
    try (WeightFile file = WeightFile.open(counting())) {
      FileTensor tensor = new FileTensor("h.0.attn.bias", file, ElementType.U8, List.of(4L), 0);
      assertThatThrownBy(() -> tensor.read(0, new float[4], 0, 4))
          .isInstanceOf(PolyLmException.class)
          .hasMessage(
              "counting.bin: tensor h.0.attn.bias has type U8, expected F64, F32, F16 or BF16");
    }
  }

  @Test
  void readingAfterCloseIsAnError() throws IOException {
    WeightFile file = WeightFile.open(counting());
    file.close();
    file.close();
    assertThatThrownBy(() -> counting(file).read(0, new float[1], 0, 1))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("counting.bin: the checkpoint is closed");
  }

  @Test
  void aFileThatShrankIsAnError() throws IOException {
    Path path = counting();
    try (WeightFile file = WeightFile.open(path)) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.truncate(13);
      }
      assertThatThrownBy(() -> counting(file).read(0, new float[10], 0, 10))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("counting.bin: ends at byte 13, expected 10 bytes more");
    }
  }

  @Test
  void anInterruptedThreadGetsAnError() throws IOException {
    try (WeightFile file = WeightFile.open(counting())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> counting(file).read(0, new float[10], 0, 10))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("counting.bin: the thread was interrupted while it read");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void whatIsNoFileOfWeightsIsRefused() throws IOException {
    Path missing = folder.resolve("missing.bin");
    assertThatThrownBy(() -> WeightFile.open(missing))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "missing.bin: is not a regular file (missing, a folder, or a link to nothing): "
                + missing);
    assertThatThrownBy(() -> WeightFile.open(Files.createFile(folder.resolve("empty.bin"))))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("empty.bin: is empty, expected weights");
    Path pointer = folder.resolve("pointer.bin");
    Files.writeString(
        pointer, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
    assertThatThrownBy(() -> WeightFile.open(pointer))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("pointer.bin: is a pointer of Git LFS, not yet downloaded, expected weights");
  }
}

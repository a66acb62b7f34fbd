package dev.polylm.export.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScratchTableTest {
  private final ScratchFile file = new ScratchFile();

  @AfterEach
  void close() {
    file.close();
  }

  /** Against the plain rule: element [row, column] is found again at [column, row]. */
  @ParameterizedTest
  @CsvSource({
    // rows, rowBytes, columns, bits, windowBytes
    "6, 10, 20, 4, 1000", // whole rows
    "6, 12, 20, 4, 1000", // padded rows
    "6, 10, 19, 4, 1000", // an odd number of columns
    "40, 50, 100, 4, 400", // several windows
    "7, 33, 33, 8, 1000",
    "7, 40, 33, 8, 1000",
    "50, 100, 99, 8, 900",
    "5, 80, 20, 32, 1000",
    "30, 200, 50, 32, 2000",
    "2, 1, 1, 4, 1",
  })
  void turnsRowsIntoColumns(int rows, int rowBytes, int columns, int bits, int windowBytes) {
    byte[] content = new byte[rows * rowBytes];
    new Random(rows).nextBytes(content);
    file.write(ByteBuffer.wrap(content), 17);
    ByteArrayOutputStream turned = new ByteArrayOutputStream();

    new ScratchTable(file, 17, rows, rowBytes, columns, bits)
        .write(
            0,
            windowBytes,
            window -> {
              while (window.hasRemaining()) {
                turned.write(window.get());
              }
            });

    byte[] found = turned.toByteArray();
    assertThat(found).hasSize(rows * columns * bits / 8);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        assertThat(element(found, (long) column * rows + row, bits))
            .isEqualTo(element(content, (row * 8L * rowBytes) / bits + column, bits));
      }
    }
  }

  private static long element(byte[] content, long index, int bits) {
    if (bits == 4) {
      return (content[(int) index / 2] >> ((index % 2) * 4)) & 15;
    }
    long value = 0;
    for (int i = 0; i < bits / 8; i++) {
      value = (value << 8) | (content[(int) index * bits / 8 + i] & 0xff);
    }
    return value;
  }
}

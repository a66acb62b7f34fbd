package dev.polylm.export.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BlockFormatTest {

  @Test
  void countsTheRuntimesBytes() {
    BlockFormat format = new BlockFormat(4, 32, true);
    assertThat(format.codeBytes(96)).isEqualTo(48);
    assertThat(format.zeroPointBytes(96)).isEqualTo(2); // three halves
    assertThat(format.bytes(10, 96)).isEqualTo(10 * (48 + 12 + 2));
    assertThat(new BlockFormat(8, 128, false).bytes(2, 200)).isEqualTo(2 * (256 + 8));
    assertThat(new BlockFormat(4, 128, true).bytes(256_000, 20_480)).isEqualTo(2_805_760_000L);
  }

  @Test
  void fitsTheBlocksToTheColumns() {
    BlockFormat format = new BlockFormat(4, 128, true);
    assertThat(format.fitting(5120).blockSize()).isEqualTo(128);
    assertThat(format.fitting(96).blockSize()).isEqualTo(32);
    assertThat(format.fitting(40)).isEqualTo(new BlockFormat(4, 16, true));
    assertThat(new BlockFormat(8, 32, false).fitting(5120).blockSize()).isEqualTo(32);
  }

  @Test
  void knowsNoOtherBitsAndBlocks() {
    assertThatThrownBy(() -> new BlockFormat(5, 32, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bits is 5, expected 4 or 8");
    assertThatThrownBy(() -> new BlockFormat(4, 48, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("blockSize is 48, expected 16, 32, 64 or 128");
    assertThatThrownBy(() -> new BlockFormat(4, 8, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("blockSize is 8, expected 16, 32, 64 or 128");
  }
}

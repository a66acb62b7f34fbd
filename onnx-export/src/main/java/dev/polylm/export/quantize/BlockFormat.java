package dev.polylm.export.quantize;

/**
 * How a matrix [rows, columns] is stored. The layout is that of the inputs B, scales and
 * zero_points of ONNX Runtime's operator MatMulNBits (ContribOperators.md of version 1.29).
 *
 * @param bits the bits of a code: 4 or 8
 * @param blockSize how many columns share a scale: 16, 32, 64 or 128
 * @param zeroPoints whether each block has its own zero point; otherwise it is 2^(bits-1) for all
 */
public record BlockFormat(int bits, int blockSize, boolean zeroPoints) {

  /**
   * @throws IllegalArgumentException if bits or blockSize is not one of these
   */
  public BlockFormat {
    if (bits != 4 && bits != 8) {
      throw new IllegalArgumentException("bits is " + bits + ", expected 4 or 8");
    }
    if (blockSize < 16 || blockSize > 128 || Integer.bitCount(blockSize) != 1) {
      throw new IllegalArgumentException(
          "blockSize is " + blockSize + ", expected 16, 32, 64 or 128");
    }
  }

  /**
   * Returns the same format with the largest block size, from 16 up to this one, that divides
   * columns.
   */
  public BlockFormat fitting(int columns) {
    int fitting = Math.min(blockSize, Math.max(16, Integer.lowestOneBit(columns)));
    return new BlockFormat(bits, fitting, zeroPoints);
  }

  /** Returns the largest code, 15 or 255. */
  public int maxCode() {
    return (1 << bits) - 1;
  }

  /** Returns the zero point of a block that has none of its own. */
  public int middle() {
    return 1 << (bits - 1);
  }

  /** Returns how many blocks a row has; the last may be padded. */
  public int blocks(int columns) {
    return (columns + blockSize - 1) / blockSize;
  }

  /** Returns the bytes of a row's codes, shape [blocks, blockSize * bits / 8]. */
  public int codeBytes(int columns) {
    return Math.multiplyExact(blocks(columns), blockSize * bits / 8);
  }

  /** Returns the bytes of a row's zero points; 0 if there are none. */
  public int zeroPointBytes(int columns) {
    return zeroPoints ? (blocks(columns) * bits + 7) / 8 : 0;
  }

  /** Returns the bytes of a matrix: codes, scales in fp32 and zero points. */
  public long bytes(long rows, int columns) {
    return rows * (codeBytes(columns) + 4L * blocks(columns) + zeroPointBytes(columns));
  }
}

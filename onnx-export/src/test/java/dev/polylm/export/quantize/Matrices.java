package dev.polylm.export.quantize;

import java.util.Random;

/** Matrices to quantize, and what the runtime makes of the codes. */
final class Matrices {
  private Matrices() {}

  static float[][] random(int rows, int columns, long seed) {
    Random random = new Random(seed);
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return matrix;
  }

  static RowSource source(float[][] matrix) {
    return new RowSource() {
      @Override
      public int rows() {
        return matrix.length;
      }

      @Override
      public int columns() {
        return matrix[0].length;
      }

      @Override
      public void read(int row, int count, float[] target) {
        for (int i = 0; i < count; i++) {
          System.arraycopy(matrix[row + i], 0, target, i * columns(), columns());
        }
      }
    };
  }

  /** What a whole matrix became, in arrays of its size. */
  static final class Stored implements QuantizedRows.Sink {
    final BlockFormat format;
    final int rows;
    final int columns;
    final byte[] codes;
    final float[] scales;
    final byte[] zeroPoints;
    int next;

    Stored(BlockFormat format, int rows, int columns) {
      this.format = format;
      this.rows = rows;
      this.columns = columns;
      this.codes = new byte[rows * format.codeBytes(columns)];
      this.scales = new float[rows * format.blocks(columns)];
      this.zeroPoints = new byte[rows * format.zeroPointBytes(columns)];
    }

    @Override
    public void accept(QuantizedRows part) {
      if (part.firstRow() != next) {
        throw new IllegalStateException("row " + part.firstRow() + " after " + next);
      }
      copy(part.codes(), codes, format.codeBytes(columns), part);
      copy(part.scales(), scales, format.blocks(columns), part);
      copy(part.zeroPoints(), zeroPoints, format.zeroPointBytes(columns), part);
      next += part.rows();
    }

    private void copy(Object source, Object target, int perRow, QuantizedRows part) {
      System.arraycopy(source, 0, target, part.firstRow() * perRow, part.rows() * perRow);
    }

    /** weight = (code - zeroPoint) * scale. */
    float[][] dequantized() {
      int blocks = format.blocks(columns);
      float[][] matrix = new float[rows][columns];
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          int block = column / format.blockSize();
          int code = unpacked(codes, row * format.codeBytes(columns), column);
          int zeroPoint =
              format.zeroPoints()
                  ? unpacked(zeroPoints, row * format.zeroPointBytes(columns), block)
                  : format.middle();
          matrix[row][column] = (code - zeroPoint) * scales[row * blocks + block];
        }
      }
      return matrix;
    }

    private int unpacked(byte[] packed, int at, int index) {
      return format.bits() == 8
          ? packed[at + index] & 0xff
          : (packed[at + index / 2] >> (index % 2 * 4)) & 0xf;
    }
  }
}

package dev.polylm.export.reference;

import dev.polylm.export.tensor.StoredTensor;

/**
 * A projection's weights as the checkpoint stores them, read as tiles [inputs, outputs].
 *
 * @param tensor [inputs, outputs], or [outputs, inputs] where {@code outputsFirst}
 * @param outputsFirst torch.nn.Linear's layout, and the embedding's as a head; otherwise Conv1D's
 */
record WeightMatrix(StoredTensor tensor, int inputs, int outputs, boolean outputsFirst) {

  /**
   * Reads rows [input, input + height) and columns [output, output + width).
   *
   * @param tile receives [height, width], row-major
   * @param scratch at least as long as the tile
   */
  void read(int input, int height, int output, int width, float[] tile, float[] scratch) {
    if (!outputsFirst) {
      for (int i = 0; i < height; i++) {
        tensor.read((long) (input + i) * outputs + output, tile, i * width, width);
      }
      return;
    }
    for (int o = 0; o < width; o++) {
      tensor.read((long) (output + o) * inputs + input, scratch, o * height, height);
    }
    transpose(scratch, width, height, tile);
  }

  /** From [rows, columns] to [columns, rows], in squares that stay in the first-level cache. */
  private static void transpose(float[] source, int rows, int columns, float[] target) {
    int side = 32;
    for (int r0 = 0; r0 < rows; r0 += side) {
      for (int c0 = 0; c0 < columns; c0 += side) {
        int r1 = Math.min(rows, r0 + side);
        int c1 = Math.min(columns, c0 + side);
        for (int c = c0; c < c1; c++) {
          for (int r = r0; r < r1; r++) {
            target[c * rows + r] = source[r * columns + c];
          }
        }
      }
    }
  }
}

package dev.polylm.export.reference;

import dev.polylm.export.tensor.StoredTensor;

/**
 * A projection's weights as the checkpoint stores them, read as tiles [inputs, outputs].
 *
 * @param tensor [inputs, outputs], or [outputs, inputs] where {@code outputsFirst}
 * @param outputsFirst torch.nn.Linear's layout, and the embedding's as a head; otherwise Conv1D's
 */
record WeightMatrix(StoredTensor tensor, int inputs, int outputs, boolean outputsFirst) {
  /** Rows that are turned at a time: as many as fill a line of the processor's cache. */
  private static final int LINES = 16;

  /** To be called before all of the matrix is read. */
  void readAhead() {
    if (!outputsFirst) {
      tensor.readAhead();
    }
  }

  /**
   * Reads rows [input, input + height) and columns [output, output + width).
   *
   * @param tile receives them in its first rows, [height][width]
   */
  void read(int input, int height, int output, int width, float[][] tile) {
    if (outputsFirst) {
      readTurned(input, height, output, width, tile);
      return;
    }
    for (int i = 0; i < height; i++) {
      tensor.read((long) (input + i) * outputs + output, tile[i], 0, width);
    }
  }

  private void readTurned(int input, int height, int output, int width, float[][] tile) {
    float[] lines = new float[LINES * height];
    for (int first = 0; first < width; first += LINES) {
      int count = Math.min(LINES, width - first);
      for (int line = 0; line < count; line++) {
        long from = (long) (output + first + line) * inputs + input;
        tensor.read(from, lines, line * height, height);
      }
      for (int i = 0; i < height; i++) {
        for (int line = 0; line < count; line++) {
          tile[i][first + line] = lines[line * height + i];
        }
      }
    }
  }
}

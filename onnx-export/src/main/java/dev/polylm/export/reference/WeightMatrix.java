package dev.polylm.export.reference;

import dev.polylm.export.tensor.StoredTensor;

/**
 * A projection's weights as the checkpoint stores them, read as tiles [inputs, outputs].
 *
 * @param tensor [inputs, outputs], or [outputs, inputs] if {@code outputsFirst}
 * @param outputsFirst whether the layout is torch.nn.Linear's, as for the embedding as a head;
 *     otherwise it is Conv1D's
 */
record WeightMatrix(StoredTensor tensor, int inputs, int outputs, boolean outputsFirst) {
  /** How many rows are transposed at a time: as many as fill a line of the processor's cache. */
  private static final int LINES = 16;

  /** Prepares for a read of the whole matrix; call it before that read. */
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

package dev.polylm.export.quantize;

/** Decides how each matrix of a model is stored. */
public interface QuantizationPlan {

  /**
   * Returns the format of a projection's matrix.
   *
   * @param weight its name, such as {@code h.3.attn.c_attn.weight}
   */
  BlockFormat projection(String weight, int columns);

  /** Returns the format of the embedding and of the output head. */
  BlockFormat table(int columns);

  /** Returns a plan with symmetric blocks of 8 bits. */
  static QuantizationPlan int8(int blockSize) {
    BlockFormat format = new BlockFormat(8, blockSize, false);
    return new QuantizationPlan() {
      @Override
      public BlockFormat projection(String weight, int columns) {
        return format.fitting(columns);
      }

      @Override
      public BlockFormat table(int columns) {
        return format.fitting(columns);
      }
    };
  }

  /**
   * Returns a plan with blocks of 4 bits, and more bits for matrices that gain by them: see {@link
   * Int4Plan}.
   *
   * @param smallestBlock the least size of blocks: 16 or 32
   */
  static QuantizationPlan int4(int blockSize, int smallestBlock) {
    return new Int4Plan(blockSize, smallestBlock);
  }
}

package dev.polylm.export.quantize;

/**
 * Blocks of 4 bits, with two exceptions: the embedding, which is also the output head, has blocks a
 * quarter as long, and the first layer has 8 bits.
 *
 * <p>The choice was measured on polylm-tiny. The loss is the mean KL divergence of the next token
 * and the size is the bytes, both relative to symmetric rounding with blocks of 32. The embedding
 * in blocks of 128 loses 0.56 at size 0.96, in blocks of 64 0.59 at 0.98, in blocks of 32 0.43 at
 * 1.01. Without the first layer's exception, blocks of 32 lose 0.50. With the exception for only
 * its attention, blocks of 16 lose 0.36 at 1.01. But a head of 256,000 x 2,048 takes ONNX Runtime 8
 * to 10 ms a token in blocks of 128, 13 in blocks of 32 and 24 in blocks of 16; with blocks of 32
 * the whole 1.7B takes 22 to 30 (2 cores with AVX-512).
 *
 * @param blockSize how many columns share a scale in the layers: 16, 32, 64 or 128
 * @param smallestBlock how many columns share a scale at least
 */
record Int4Plan(int blockSize, int smallestBlock) implements QuantizationPlan {
  /** All later layers read the output of this one. */
  private static final String FIRST_LAYER = "h.0.";

  /** How many of the embedding's blocks fit in a block of the layers. */
  private static final int TABLE_SHARE = 4;

  @Override
  public BlockFormat projection(String weight, int columns) {
    boolean fine = weight.startsWith(FIRST_LAYER);
    return new BlockFormat(fine ? 8 : 4, blockSize, !fine).fitting(columns);
  }

  @Override
  public BlockFormat table(int columns) {
    int tableBlock = Math.max(smallestBlock, blockSize / TABLE_SHARE);
    return new BlockFormat(4, tableBlock, true).fitting(columns);
  }
}

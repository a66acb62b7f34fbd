package dev.polylm.export.quantize;

/**
 * Blocks of 4 bits, with two exceptions.
 *
 * <p>They are measured on polylm-tiny, as mean KL divergence of the next token over that of
 * symmetric rounding with blocks of 32, all at the latter's bytes: layers with blocks of 128 leave
 * room for an embedding in blocks of 16 and a first {@code attn.c_attn} of 8 bits, which together
 * lose 0.44 as much; the embedding in blocks of 32 with all of the first layer in 8 bits 0.48.
 *
 * @param blockSize columns that share a scale in the layers: 16, 32, 64 or 128
 */
record Int4Plan(int blockSize) implements QuantizationPlan {
  /** All later layers read what comes of its output. */
  private static final String FIRST_ATTENTION = "h.0.attn.c_attn.weight";

  /** Blocks of the embedding in a block of the layers. */
  private static final int TABLE_SHARE = 8;

  private static final int SMALLEST_BLOCK = 16;

  @Override
  public BlockFormat projection(String weight, int columns) {
    boolean fine = weight.equals(FIRST_ATTENTION);
    return new BlockFormat(fine ? 8 : 4, blockSize, !fine).fitting(columns);
  }

  @Override
  public BlockFormat table(int columns) {
    int tableBlock = Math.max(SMALLEST_BLOCK, blockSize / TABLE_SHARE);
    return new BlockFormat(4, tableBlock, true).fitting(columns);
  }
}

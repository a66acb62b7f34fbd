package dev.polylm.export.reference;

/**
 * The size of the tiles in which a product reads its weights. A tile is 1 MiB of floats, which
 * stays in the processor's second-level cache. It is long in the direction in which the weights are
 * stored, so that they are read in runs of kilobytes.
 *
 * @param height inputs
 * @param width outputs
 */
record TileSize(int height, int width) {
  private static final int LONG_SIDE = 1024;

  private static final int SHORT_SIDE = 256;

  /** Tiles are narrower if otherwise some threads would get fewer tiles than this. */
  private static final int TILES_A_THREAD = 4;

  static TileSize of(WeightMatrix weights, int threads) {
    if (weights.outputsFirst()) {
      return new TileSize(LONG_SIDE, SHORT_SIDE);
    }
    int fair = weights.outputs() / threads / TILES_A_THREAD;
    return new TileSize(SHORT_SIDE, Math.max(SHORT_SIDE, Math.min(LONG_SIDE, fair)));
  }
}

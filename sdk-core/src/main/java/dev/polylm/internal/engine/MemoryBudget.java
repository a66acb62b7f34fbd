package dev.polylm.internal.engine;

import dev.polylm.model.ModelDimensions;

/**
 * What lanes and kept prefixes cost, and what they may.
 *
 * @param limit bytes that they may take together
 * @param dimensions the model's
 * @param elementBytes of an element of the keys and values
 */
record MemoryBudget(long limit, ModelDimensions dimensions, int elementBytes) {
  /** Capacities are multiples of this, so that requests of about one length share a size. */
  private static final int CAPACITY_STEP = 64;

  private int tensors() {
    return 2 * dimensions.layers();
  }

  /** Keys and values of a position. */
  long positionBytes() {
    return (long) tensors() * dimensions.hiddenSize() * elementBytes;
  }

  /** Returns the size with its capacity rounded up. */
  LaneSize rounded(LaneSize size) {
    int steps = (size.capacity() + CAPACITY_STEP - 1) / CAPACITY_STEP;
    int capacity = Math.min(steps * CAPACITY_STEP, dimensions.contextLength());
    return new LaneSize(size.rows(), Math.max(size.capacity(), capacity), size.logitsRows());
  }

  /** Returns the bytes of a lane, with the one tensor that is held twice while its size changes. */
  long bytes(LaneSize size) {
    long cache = (long) size.rows() * size.capacity() * positionBytes();
    return cache + cache / tensors() + logitsBytes(size);
  }

  private long logitsBytes(LaneSize size) {
    return (long) size.logitsRows() * dimensions.vocabSize() * Float.BYTES;
  }

  /** Returns whether a lane can be so large: Java's buffers end at 2 GB. */
  boolean possible(LaneSize size) {
    long tensor = (long) size.rows() * size.capacity() * positionBytes() / tensors();
    // The small inputs of a run lie beside the logits.
    return tensor <= Integer.MAX_VALUE && logitsBytes(size) <= Integer.MAX_VALUE - (1 << 20);
  }
}

package dev.polylm.internal.engine;

import dev.polylm.model.ModelDimensions;

/**
 * The memory of lanes and kept prefixes, and its limit.
 *
 * @param limit the bytes that they may take together
 * @param dimensions the model's
 * @param elementBytes the bytes of an element of the keys and values
 */
record MemoryBudget(long limit, ModelDimensions dimensions, int elementBytes) {
  /** Capacities are multiples of this number, so that requests of similar length share a size. */
  private static final int CAPACITY_STEP = 64;

  private int tensors() {
    return 2 * dimensions.layers();
  }

  /** Returns the bytes of a position's keys and values. */
  long positionBytes() {
    return (long) tensors() * dimensions.hiddenSize() * elementBytes;
  }

  /** Returns the size with its capacity rounded up. */
  LaneSize rounded(LaneSize size) {
    int steps = (size.capacity() + CAPACITY_STEP - 1) / CAPACITY_STEP;
    int capacity = Math.min(steps * CAPACITY_STEP, dimensions.contextLength());
    return new LaneSize(size.rows(), Math.max(size.capacity(), capacity), size.logitsRows());
  }

  /**
   * Returns the bytes of a lane, including the one tensor that exists twice while its size changes.
   */
  long bytes(LaneSize size) {
    long cache = (long) size.rows() * size.capacity() * positionBytes();
    return cache + cache / tensors() + logitsBytes(size);
  }

  private long logitsBytes(LaneSize size) {
    return (long) size.logitsRows() * dimensions.vocabSize() * Float.BYTES;
  }

  /** Returns whether a lane can have this size: Java's buffers end at 2 GB. */
  boolean possible(LaneSize size) {
    long tensor = (long) size.rows() * size.capacity() * positionBytes() / tensors();
    // The small inputs of a run share the logits' buffer.
    return tensor <= Integer.MAX_VALUE && logitsBytes(size) <= Integer.MAX_VALUE - (1 << 20);
  }
}

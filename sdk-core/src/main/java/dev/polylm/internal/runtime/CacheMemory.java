package dev.polylm.internal.runtime;

import ai.onnxruntime.OrtException;
import dev.polylm.internal.runtime.RunTensors.RunShape;
import java.util.OptionalLong;

/**
 * The memory that keys and values are in, and the way in which runs reach them there. Thread-safe;
 * its owner closes it after all blocks and tensors.
 */
interface CacheMemory extends AutoCloseable {
  /** Returns the name of the device whose memory this is, such as {@code cuda:0}. */
  String device();

  /**
   * Returns how many bytes are free, if the memory is a device's own, and not that which the JVM
   * measures.
   */
  OptionalLong free();

  /**
   * Allocates a block of this memory.
   *
   * @throws dev.polylm.PolyLmException if there is not enough
   */
  CacheBlock allocate(int bytes);

  /**
   * Allocates a block of the host's memory which runs read and write fast.
   *
   * @throws dev.polylm.PolyLmException if there is not enough
   */
  NativeMemory allocateHost(int bytes);

  /** Makes the tensors of runs of one shape. */
  RunTensors tensors(RunBuffers buffers, KeyValueCache cache, RunShape shape) throws OrtException;

  /** Waits until copies between blocks are done. */
  void await();

  @Override
  void close();
}

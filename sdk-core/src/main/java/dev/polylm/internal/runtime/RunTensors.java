package dev.polylm.internal.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/**
 * The inputs and outputs of runs of one shape, over the buffers and the cache of a state. They are
 * made once and used by every run of that shape.
 */
interface RunTensors extends AutoCloseable {

  /**
   * Runs the graph on the contents of the buffers, and stores keys, values and logits in their
   * places.
   */
  void run(OrtSession session) throws OrtException;

  /** Frees the tensors, but not the memory behind them; idempotent. */
  @Override
  void close();
}

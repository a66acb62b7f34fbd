package dev.polylm.internal.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/**
 * The inputs and outputs of runs of one shape, over the buffers and the cache of a state: made
 * once, used by every run of that shape.
 */
interface RunTensors extends AutoCloseable {

  /** Runs the graph for what the buffers hold, and puts keys, values and logits where they go. */
  void run(OrtSession session) throws OrtException;

  /** Frees the tensors, not what they are views of; idempotent. */
  @Override
  void close();
}

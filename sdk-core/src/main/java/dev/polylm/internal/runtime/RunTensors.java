package dev.polylm.internal.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.polylm.model.GraphKind;

/**
 * The inputs and outputs of runs of one shape, over the buffers and the cache of a state. They are
 * made once and used by every run of that shape.
 */
interface RunTensors extends AutoCloseable {

  /** Makes the tensors of runs of a shape. */
  static RunTensors of(
      GraphKind kind,
      OrtEnvironment environment,
      RunBuffers buffers,
      KeyValueCache cache,
      int vocabSize,
      RunShape shape)
      throws OrtException {
    return kind == GraphKind.FUSED
        ? new FusedTensors(environment, buffers, cache, vocabSize, shape)
        : new PortableTensors(environment, buffers, cache, vocabSize, shape);
  }

  /**
   * Runs the graph on the contents of the buffers, and stores keys, values and logits in their
   * places.
   */
  void run(OrtSession session) throws OrtException;

  /** Frees the tensors, but not the memory behind them; idempotent. */
  @Override
  void close();

  /**
   * The shape of a run.
   *
   * @param firstRow the first row of the cache that takes part
   * @param batch the number of rows
   * @param sequence the number of ids of each row
   * @param logitsRows the number of rows of logits that are wanted
   * @param hiddenSize the width of the last hidden states if they are wanted of all ids, else 0
   */
  record RunShape(int firstRow, int batch, int sequence, int logitsRows, int hiddenSize) {

    /** Returns the shape of a run that gives only logits. */
    static RunShape ofLogits(int firstRow, int batch, int sequence, int logitsRows) {
      return new RunShape(firstRow, batch, sequence, logitsRows, 0);
    }
  }
}

package dev.polylm.internal.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.polylm.internal.model.TensorNames;
import dev.polylm.internal.runtime.RunTensors.RunShape;
import java.util.HashMap;
import java.util.Map;

/**
 * The tensors of a run of a fused graph, as views of a state's buffers. The run reads the cache as
 * past and writes it as present, so it allocates and copies nothing.
 */
final class FusedTensors implements RunTensors {
  private final RunBuffers buffers;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();

  FusedTensors(
      OrtEnvironment environment,
      RunBuffers buffers,
      KeyValueCache cache,
      int vocabSize,
      RunShape shape)
      throws OrtException {
    this.buffers = buffers;
    int batch = shape.batch();
    int logitsRows = shape.logitsRows();
    int tokens = batch * shape.sequence();
    long[] tokenShape = {batch, shape.sequence()};
    try {
      inputs.put(
          TensorNames.INPUT_IDS,
          OnnxTensor.createTensor(environment, buffers.inputIds.slice(0, tokens), tokenShape));
      inputs.put(
          TensorNames.POSITION_IDS,
          OnnxTensor.createTensor(environment, buffers.positionIds.slice(0, tokens), tokenShape));
      inputs.put(
          TensorNames.SEQLENS_K,
          OnnxTensor.createTensor(
              environment, buffers.seqlensK.slice(0, batch), new long[] {batch}));
      inputs.put(
          TensorNames.TOTAL_SEQUENCE_LENGTH,
          OnnxTensor.createTensor(
              environment, buffers.totalSequenceLength.slice(0, 1), new long[] {1}));
      inputs.put(
          TensorNames.LOGITS_ROWS,
          OnnxTensor.createTensor(
              environment, buffers.logitsRows.slice(0, logitsRows), new long[] {logitsRows}));
      outputs.put(
          TensorNames.LOGITS,
          OnnxTensor.createTensor(
              environment,
              buffers.logits.slice(0, logitsRows * vocabSize),
              new long[] {logitsRows, vocabSize}));
      if (shape.hiddenSize() > 0) {
        outputs.put(
            TensorNames.LAST_HIDDEN_STATE,
            OnnxTensor.createTensor(
                environment,
                buffers.hiddenStates(logitsRows * vocabSize, tokens * shape.hiddenSize()),
                new long[] {batch, shape.sequence(), shape.hiddenSize()}));
      }
      for (int i = 0; i < cache.tensors(); i++) {
        OnnxTensor view = HostMemory.view(environment, cache, i, shape.firstRow(), batch);
        inputs.put(TensorNames.past(i / 2, i % 2 == 0), view);
        outputs.put(TensorNames.present(i / 2, i % 2 == 0), view);
      }
    } catch (OrtException | RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public void run(OrtSession session) throws OrtException {
    // The outputs are pinned: the result owns nothing, and closing it frees only its own handle.
    inputs.putAll(buffers.adapters);
    try {
      session.run(inputs, outputs).close();
    } finally {
      inputs.keySet().removeAll(buffers.adapters.keySet()); // they are not this object's to close
    }
  }

  @Override
  public void close() {
    outputs.values().forEach(OnnxTensor::close);
    inputs.values().stream().filter(tensor -> !tensor.isClosed()).forEach(OnnxTensor::close);
  }
}

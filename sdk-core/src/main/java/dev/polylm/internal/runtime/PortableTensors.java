package dev.polylm.internal.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.polylm.internal.model.TensorNames;
import dev.polylm.internal.runtime.RunTensors.RunShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of a run of a portable graph. Its present is its past, followed by the new positions.
 *
 * <p>Rows of one run may hold different numbers of positions. The past is the whole capacity, and
 * the mask shows which positions of it each row holds. After the run, the new positions are copied
 * from its end to their place. So a run costs the memory and time of a second cache. Fused graphs
 * need neither.
 */
final class PortableTensors implements RunTensors {
  private final RunBuffers buffers;
  private final KeyValueCache cache;
  private final RunShape shape;
  private final int vocabSize;
  private final List<NativeMemory> memory = new ArrayList<>();
  private final List<ByteBuffer> presents = new ArrayList<>(); // as the cache's tensors
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();
  private final LongBuffer mask; // [batch, capacity + sequence]
  private final FloatBuffer logits; // [batch, sequence, vocabSize]

  PortableTensors(
      OrtEnvironment environment,
      RunBuffers buffers,
      KeyValueCache cache,
      int vocabSize,
      RunShape shape)
      throws OrtException {
    this.buffers = buffers;
    this.cache = cache;
    this.vocabSize = vocabSize;
    this.shape = shape;
    int tokens = shape.batch() * shape.sequence();
    long[] tokenShape = {shape.batch(), shape.sequence()};
    try {
      mask = allocate((long) shape.batch() * total() * Long.BYTES).asLongBuffer();
      logits = allocate((long) tokens * vocabSize * Float.BYTES).asFloatBuffer();
      inputs.put(
          TensorNames.INPUT_IDS,
          OnnxTensor.createTensor(environment, buffers.inputIds.slice(0, tokens), tokenShape));
      inputs.put(
          TensorNames.POSITION_IDS,
          OnnxTensor.createTensor(environment, buffers.positionIds.slice(0, tokens), tokenShape));
      inputs.put(
          TensorNames.ATTENTION_MASK,
          OnnxTensor.createTensor(environment, mask, new long[] {shape.batch(), total()}));
      outputs.put(
          TensorNames.LOGITS,
          OnnxTensor.createTensor(
              environment, logits, new long[] {shape.batch(), shape.sequence(), vocabSize}));
      for (int i = 0; i < cache.tensors(); i++) {
        addCache(environment, i);
      }
    } catch (OrtException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Returns the number of positions of the past and the new ones. */
  private int total() {
    return cache.capacity() + shape.sequence();
  }

  private ByteBuffer allocate(long bytes) {
    NativeMemory block = NativeMemory.allocate(Math.toIntExact(bytes));
    memory.add(block);
    return block.buffer();
  }

  private void addCache(OrtEnvironment environment, int index) throws OrtException {
    inputs.put(
        TensorNames.past(index / 2, index % 2 == 0),
        cache.view(environment, index, shape.firstRow(), shape.batch()));
    long[] presentShape = cache.shape(shape.batch(), total());
    ByteBuffer present = allocate(cache.tensorBytes(shape.batch(), total()));
    presents.add(present);
    outputs.put(
        TensorNames.present(index / 2, index % 2 == 0),
        OnnxTensor.createTensor(
            environment, present.order(ByteOrder.nativeOrder()), presentShape, cache.type()));
  }

  @Override
  public void run(OrtSession session) throws OrtException {
    for (int row = 0; row < shape.batch(); row++) {
      for (int position = 0; position < total(); position++) {
        boolean seen = position < past(row) || position >= cache.capacity();
        mask.put(row * total() + position, seen ? 1 : 0);
      }
    }
    session.run(inputs, outputs).close(); // the outputs are pinned, the result owns nothing
    for (int i = 0; i < presents.size(); i++) {
      for (int row = 0; row < shape.batch(); row++) {
        cache.append(i, shape.firstRow() + row, past(row), presents.get(i), row, shape.sequence());
      }
    }
    for (int i = 0; i < shape.logitsRows(); i++) {
      int from = (int) buffers.logitsRows.get(i) * vocabSize;
      buffers.logits.put(i * vocabSize, logits, from, vocabSize);
    }
  }

  /** Returns the number of positions that a row holds before the run. */
  private int past(int row) {
    return buffers.seqlensK.get(row) + 1 - shape.sequence();
  }

  @Override
  public void close() {
    outputs.values().forEach(OnnxTensor::close);
    inputs.values().forEach(OnnxTensor::close);
    memory.forEach(NativeMemory::close);
  }
}

package dev.polylm.internal.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.polylm.internal.device.OrtFunctions;
import dev.polylm.internal.device.OrtFunctions.Name;
import dev.polylm.internal.model.TensorNames;
import dev.polylm.internal.runtime.RunTensors.RunShape;
import java.nio.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a run of a fused graph, bound to a device's memory. Past and present are one
 * tensor there. Logits come to the host.
 */
final class BoundTensors implements RunTensors {
  private final BoundMemory memory;
  private final OrtFunctions functions;
  private final List<Pointer> tensors = new ArrayList<>();
  private @Nullable Pointer binding;

  /** The arguments that bind each input which the host writes before every run. */
  private final List<Object[]> inputs = new ArrayList<>();

  BoundTensors(BoundMemory memory, RunBuffers buffers, KeyValueCache cache, RunShape shape)
      throws OrtException {
    this.memory = memory;
    this.functions = memory.functions();
    try {
      Pointer made = functions.create(Name.CREATE_IO_BINDING, memory.session());
      binding = made;
      bindInputs(made, buffers, shape);
      bindOutputs(made, buffers, shape);
      bindCache(made, cache, shape);
    } catch (OrtException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void bindInputs(Pointer target, RunBuffers buffers, RunShape shape) throws OrtException {
    int batch = shape.batch();
    long[] ids = {batch, shape.sequence()};
    Map<String, Pointer> made = new LinkedHashMap<>();
    made.put(TensorNames.INPUT_IDS, longs(buffers.inputIds, ids));
    made.put(TensorNames.POSITION_IDS, longs(buffers.positionIds, ids));
    made.put(TensorNames.LOGITS_ROWS, longs(buffers.logitsRows, shape.logitsRows()));
    made.put(TensorNames.SEQLENS_K, ints(buffers.seqlensK, batch));
    made.put(TensorNames.TOTAL_SEQUENCE_LENGTH, ints(buffers.totalSequenceLength, 1));
    made.forEach((name, value) -> inputs.add(new Object[] {target, memory.name(name), value}));
  }

  private Pointer longs(Buffer buffer, long... shape) throws OrtException {
    return host(buffer, OnnxJavaType.INT64, shape);
  }

  private Pointer ints(Buffer buffer, long... shape) throws OrtException {
    return host(buffer, OnnxJavaType.INT32, shape);
  }

  private Pointer host(Buffer buffer, OnnxJavaType type, long... shape) throws OrtException {
    return kept(memory.hostTensor(Native.getDirectBufferPointer(buffer), type, shape));
  }

  private Pointer kept(Pointer tensor) {
    tensors.add(tensor);
    return tensor;
  }

  private void bindOutputs(Pointer target, RunBuffers buffers, RunShape shape) throws OrtException {
    int logitsRows = shape.logitsRows();
    int vocabSize = memory.vocabSize();
    Pointer logits = host(buffers.logits, OnnxJavaType.FLOAT, logitsRows, vocabSize);
    functions.call(Name.BIND_OUTPUT, target, memory.name(TensorNames.LOGITS), logits);
    if (shape.hiddenSize() > 0) {
      long[] sizes = {shape.batch(), shape.sequence(), shape.hiddenSize()};
      int count = shape.batch() * shape.sequence() * shape.hiddenSize();
      Buffer states = buffers.hiddenStates(logitsRows * vocabSize, count);
      Pointer tensor = host(states, OnnxJavaType.FLOAT, sizes);
      Pointer name = memory.name(TensorNames.LAST_HIDDEN_STATE);
      functions.call(Name.BIND_OUTPUT, target, name, tensor);
    }
  }

  private void bindCache(Pointer target, KeyValueCache cache, RunShape shape) throws OrtException {
    long firstByte = (long) shape.firstRow() * cache.tensorBytes(1, cache.capacity());
    long[] sizes = cache.shape(shape.batch(), cache.capacity());
    for (int i = 0; i < cache.tensors(); i++) {
      BoundMemory.Block block = (BoundMemory.Block) cache.block(i); // this memory allocated it
      Pointer tensor = kept(memory.deviceTensor(block.at(firstByte), cache.type(), sizes));
      Pointer past = memory.name(TensorNames.past(i / 2, i % 2 == 0));
      Pointer present = memory.name(TensorNames.present(i / 2, i % 2 == 0));
      functions.call(Name.BIND_INPUT, target, past, tensor);
      functions.call(Name.BIND_OUTPUT, target, present, tensor);
    }
  }

  /** Binds the host's inputs anew, which is when ONNX Runtime copies them to the device. */
  @Override
  public void run(OrtSession session) throws OrtException {
    for (Object[] input : inputs) {
      functions.call(Name.BIND_INPUT, input);
    }
    functions.call(Name.RUN_WITH_BINDING, memory.session(), null, binding);
  }

  @Override
  public void close() {
    if (binding != null) {
      functions.release(Name.RELEASE_IO_BINDING, binding);
      binding = null;
    }
    tensors.forEach(tensor -> functions.release(Name.RELEASE_VALUE, tensor));
    tensors.clear();
  }
}

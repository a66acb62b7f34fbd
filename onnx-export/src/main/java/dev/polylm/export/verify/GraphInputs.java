package dev.polylm.export.verify;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.internal.model.TensorNames;
import dev.polylm.internal.unpacked.OnnxRuntimeLibrary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** The inputs for a graph to read the ids of sequences of one length, some positions at a time. */
final class GraphInputs {
  private final OrtEnvironment environment = OnnxRuntimeLibrary.environment();
  private final ModelConfig config;
  private final List<int[]> sequences;

  GraphInputs(ModelConfig config, List<int[]> sequences) {
    this.config = config;
    this.sequences = sequences;
  }

  /** Returns how many ids each sequence has. */
  int length() {
    return sequences.get(0).length;
  }

  /**
   * Returns the inputs of a run except the cache.
   *
   * @param wanted the graph's inputs, which distinguish the two kinds of graphs
   * @param from the first position
   * @param to one past the last
   */
  Map<String, OnnxTensor> run(Set<String> wanted, int from, int to) throws OrtException {
    int batch = sequences.size();
    long[] shape = {batch, to - from};
    long[] ids =
        sequences.stream().flatMapToLong(s -> Arrays.stream(s, from, to).asLongStream()).toArray();
    long[] positions = sequences.stream().flatMapToLong(s -> LongStream.range(from, to)).toArray();
    Map<String, OnnxTensor> inputs = new HashMap<>();
    inputs.put(TensorNames.INPUT_IDS, longs(ids, shape));
    inputs.put(TensorNames.POSITION_IDS, longs(positions, shape));
    if (isPortable(wanted)) {
      long[] mask = new long[batch * to];
      Arrays.fill(mask, 1);
      inputs.put(TensorNames.ATTENTION_MASK, longs(mask, batch, to));
    } else {
      long[] rows = LongStream.range(0, ids.length).toArray();
      int[] lengths = new int[batch];
      Arrays.fill(lengths, to - 1);
      inputs.put(TensorNames.LOGITS_ROWS, longs(rows, rows.length));
      inputs.put(TensorNames.SEQLENS_K, ints(lengths));
      inputs.put(TensorNames.TOTAL_SEQUENCE_LENGTH, ints(to));
      addNoAdapter(wanted, inputs);
    }
    return inputs;
  }

  /** Adds an adapter of zeros, if the graph takes adapters. */
  private void addNoAdapter(Set<String> wanted, Map<String, OnnxTensor> inputs)
      throws OrtException {
    if (wanted.contains(TensorNames.ADAPTER_SLOTS)) {
      inputs.put(TensorNames.ADAPTER_SLOTS, longs(new long[1], 1));
      int width = config.nEmbd();
      int inner = config.nInner();
      for (int layer = 0; layer < config.nLayer(); layer++) {
        for (String matrix : TensorNames.ADAPTED) {
          String name = TensorNames.adapted(layer, matrix);
          int in = matrix.equals("mlp.c_proj") ? inner : width;
          int out =
              matrix.equals("mlp.c_fc") ? inner : matrix.equals("attn.c_attn") ? 3 * width : width;
          inputs.put(TensorNames.loraA(name), zeros(1, in, 1));
          inputs.put(TensorNames.loraB(name), zeros(1, 1, out));
        }
      }
    }
    if (wanted.contains(TensorNames.ADAPTER_LOGITS_SLOTS)) {
      inputs.put(TensorNames.ADAPTER_LOGITS_SLOTS, longs(new long[1], 1));
      inputs.put(TensorNames.loraA(TensorNames.HEAD), zeros(1, config.nEmbd(), 1));
      inputs.put(TensorNames.loraB(TensorNames.HEAD), zeros(1, 1, config.vocabSize()));
    }
  }

  private OnnxTensor zeros(long... shape) throws OrtException {
    int size = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    return OnnxTensor.createTensor(environment, FloatBuffer.allocate(size), shape);
  }

  /**
   * Returns the past of a layer's keys or values before the first position. It is empty, or has the
   * sequences' length if the graph fills it in place.
   *
   * @param wanted the graph's inputs
   * @param type the type of its elements, such as {@code FLOAT}
   */
  OnnxTensor firstPast(Set<String> wanted, String type) throws OrtException {
    int capacity = isPortable(wanted) ? 0 : sequences.get(0).length;
    int heads = config.nHead();
    OnnxJavaType javaType = OnnxJavaType.valueOf(type);
    int bytes = sequences.size() * heads * capacity * config.headDim() * javaType.size;
    return OnnxTensor.createTensor(
        environment,
        ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()),
        new long[] {sequences.size(), heads, capacity, config.headDim()},
        javaType);
  }

  private static boolean isPortable(Set<String> inputs) {
    return inputs.contains(TensorNames.ATTENTION_MASK);
  }

  private OnnxTensor longs(long[] values, long... shape) throws OrtException {
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
  }

  private OnnxTensor ints(int... values) throws OrtException {
    return OnnxTensor.createTensor(environment, IntBuffer.wrap(values), new long[] {values.length});
  }
}

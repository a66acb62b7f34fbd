package dev.polylm.export;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.polylm.model.Manifest;
import dev.polylm.model.ModelDimensions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/**
 * Runs an exported graph on bare ONNX Runtime. One buffer a layer and kind is both the past and the
 * present, so that the cache stays where it is.
 */
final class OrtModel implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final ModelDimensions dimensions;
  private final Map<String, OnnxTensor> past = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> present = new LinkedHashMap<>();
  private final Map<String, OnnxTensor> more = new HashMap<>();
  private final int batch;

  OrtModel(Path folder, int batch, int capacity) throws OrtException, IOException {
    this.batch = batch;
    dimensions = Manifest.fromJson(Files.readString(folder.resolve(Manifest.FILE_NAME))).model();
    session = environment.createSession(folder.resolve("model.onnx").toString());
    long[] shape = {batch, dimensions.heads(), capacity, dimensions.headDim()};
    OnnxJavaType type = cacheType();
    int bytes = batch * dimensions.heads() * capacity * dimensions.headDim() * type.size;
    for (int layer = 0; layer < dimensions.layers(); layer++) {
      for (String kind : new String[] {".key", ".value"}) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        OnnxTensor tensor = OnnxTensor.createTensor(environment, buffer, shape, type);
        past.put("past_key_values." + layer + kind, tensor);
        present.put("present." + layer + kind, tensor);
      }
    }
  }

  /** Gives an input to all further runs. */
  void put(String name, float[] values, long... shape) throws OrtException {
    more.put(name, OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape));
  }

  /** Gives an input to all further runs. */
  void put(String name, long... values) throws OrtException {
    more.put(name, longs(LongBuffer.wrap(values), new long[] {values.length}));
  }

  private OnnxJavaType cacheType() throws OrtException {
    return ((TensorInfo) session.getInputInfo().get("past_key_values.0.key").getInfo()).type;
  }

  ModelDimensions dimensions() {
    return dimensions;
  }

  /**
   * Runs ids that follow what is cached.
   *
   * @param ids [batch, sequence], short rows padded on the right
   * @param cached [batch], positions of each row that are in the cache
   * @param valid [batch], ids of each row that are no padding
   * @return logits of all positions, [batch * sequence, vocabulary]
   */
  float[][] run(long[][] ids, int[] cached, int[] valid) throws OrtException {
    int sequence = ids[0].length;
    LongBuffer positions = LongBuffer.allocate(batch * sequence);
    IntBuffer lengths = IntBuffer.allocate(batch);
    for (int row = 0; row < batch; row++) {
      for (int i = 0; i < sequence; i++) {
        positions.put(cached[row] + i);
      }
      lengths.put(cached[row] + valid[row] - 1);
    }
    int longest = Arrays.stream(lengths.array()).max().orElseThrow() + 1;
    long[] flat = Arrays.stream(ids).flatMapToLong(Arrays::stream).toArray();
    long[] rows = LongStream.range(0, flat.length).toArray();
    long[] shape = {batch, sequence};
    Map<String, OnnxTensor> inputs = new HashMap<>(past);
    inputs.putAll(more);
    try (OnnxTensor inputIds = longs(LongBuffer.wrap(flat), shape);
        OnnxTensor positionIds = longs(positions.flip(), shape);
        OnnxTensor wanted = longs(LongBuffer.wrap(rows), new long[] {rows.length});
        OnnxTensor seqlens = ints(lengths.flip(), batch);
        OnnxTensor total = ints(IntBuffer.wrap(new int[] {longest}), 1)) {
      inputs.put("input_ids", inputIds);
      inputs.put("position_ids", positionIds);
      inputs.put("logits_rows", wanted);
      inputs.put("seqlens_k", seqlens);
      inputs.put("total_sequence_length", total);
      return logits(inputs);
    }
  }

  /** Runs the ids of a single row. */
  float[][] run(long[] ids, int cached) throws OrtException {
    return run(new long[][] {ids}, new int[] {cached}, new int[] {ids.length});
  }

  /** Of logits from those expected: the root of squared differences over squares. */
  static double relativeError(float[][] logits, IntFunction<float[]> expected) {
    double squares = 0;
    double squaredErrors = 0;
    for (int row = 0; row < logits.length; row++) {
      float[] wanted = expected.apply(row);
      for (int id = 0; id < wanted.length; id++) {
        squares += wanted[id] * wanted[id];
        squaredErrors += Math.pow(logits[row][id] - wanted[id], 2);
      }
    }
    return Math.sqrt(squaredErrors / squares);
  }

  private float[][] logits(Map<String, OnnxTensor> inputs) throws OrtException {
    Map<String, OnnxTensorLike> pinned = new LinkedHashMap<>(present);
    try (OrtSession.Result result = session.run(inputs, Set.of("logits"), pinned)) {
      return (float[][]) result.get("logits").orElseThrow().getValue();
    }
  }

  private OnnxTensor longs(LongBuffer values, long[] shape) throws OrtException {
    return OnnxTensor.createTensor(environment, values, shape);
  }

  private OnnxTensor ints(IntBuffer values, long size) throws OrtException {
    return OnnxTensor.createTensor(environment, values, new long[] {size});
  }

  @Override
  public void close() throws OrtException {
    past.values().forEach(OnnxTensor::close);
    more.values().forEach(OnnxTensor::close);
    session.close();
  }
}

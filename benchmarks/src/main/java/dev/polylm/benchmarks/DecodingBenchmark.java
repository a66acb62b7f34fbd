package dev.polylm.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.internal.device.DeviceSettings;
import dev.polylm.internal.device.Sessions;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.internal.model.TensorNames;
import dev.polylm.model.ModelDimensions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares greedy decoding through the SDK with a bare loop over ONNX Runtime on the same graph, in
 * tokens a second. The two take turns, and the median counts. Both must give the same ids.
 *
 * <p>Without arguments it measures polylm-tiny.
 */
final class DecodingBenchmark {
  private static final int[] PROMPT = {5581, 321, 454, 290, 414, 2400, 6011, 13};
  private static final int NEW_TOKENS = 200;
  private static final int ROUNDS = 15;

  private DecodingBenchmark() {}

  public static void main(String[] args) throws OrtException {
    try (PolyLm polyLm = PolyLm.openEmbedded();
        ModelDirectory model = ModelDirectory.openEmbedded();
        BareLoop bare = new BareLoop(model)) {
      double[] sdkRates = new double[ROUNDS];
      double[] bareRates = new double[ROUNDS];
      for (int round = -5; round < ROUNDS; round++) {
        long start = System.nanoTime();
        int[] sdkIds = sdk(polyLm);
        long middle = System.nanoTime();
        int[] bareIds = bare.run();
        long end = System.nanoTime();
        if (!Arrays.equals(sdkIds, bareIds)) {
          throw new IllegalStateException("the SDK and the bare loop differ");
        }
        if (round >= 0) {
          sdkRates[round] = NEW_TOKENS * 1e9 / (middle - start);
          bareRates[round] = NEW_TOKENS * 1e9 / (end - middle);
        }
      }
      System.out.printf(
          Locale.ROOT,
          "SDK %.0f tokens/s, bare loop %.0f tokens/s%n",
          median(sdkRates),
          median(bareRates));
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static int[] sdk(PolyLm polyLm) {
    GenerationConfig config =
        GenerationConfig.builder().maxNewTokens(NEW_TOKENS).eosTokenId(List.of(8191)).build();
    return polyLm
        .generate(GenerationRequest.ofIds(PROMPT).withConfig(config))
        .sequences()
        .get(0)
        .ids();
  }

  /**
   * Decodes with as little as possible: one run for each token, the cache in place, the largest
   * logit.
   */
  private static final class BareLoop implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();
    private final LongBuffer inputIds = bytes(8).asLongBuffer();
    private final LongBuffer positionIds = bytes(8).asLongBuffer();
    private final IntBuffer seqlensK = bytes(4).asIntBuffer();
    private final IntBuffer totalSequenceLength = bytes(4).asIntBuffer();
    private final FloatBuffer logits;
    private final float[] row;

    BareLoop(ModelDirectory model) throws OrtException {
      session = Sessions.open(model.file("model.onnx"), DeviceSettings.CPU, o -> {}).session();
      ModelDimensions sizes = model.manifest().model();
      row = new float[sizes.vocabSize()];
      logits = bytes(4 * row.length).asFloatBuffer();
      inputs.put(
          TensorNames.INPUT_IDS, OnnxTensor.createTensor(environment, inputIds, new long[] {1, 1}));
      inputs.put(
          TensorNames.POSITION_IDS,
          OnnxTensor.createTensor(environment, positionIds, new long[] {1, 1}));
      inputs.put(
          TensorNames.SEQLENS_K, OnnxTensor.createTensor(environment, seqlensK, new long[] {1}));
      inputs.put(
          TensorNames.TOTAL_SEQUENCE_LENGTH,
          OnnxTensor.createTensor(environment, totalSequenceLength, new long[] {1}));
      inputs.put(
          TensorNames.LOGITS_ROWS,
          OnnxTensor.createTensor(environment, bytes(8).asLongBuffer(), new long[] {1}));
      outputs.put(
          TensorNames.LOGITS,
          OnnxTensor.createTensor(environment, logits, new long[] {1, sizes.vocabSize()}));
      int capacity = PROMPT.length + NEW_TOKENS;
      long[] shape = {1, sizes.heads(), capacity, sizes.headDim()};
      for (int layer = 0; layer < sizes.layers(); layer++) {
        for (String part : List.of("key", "value")) {
          OnnxTensor cache =
              OnnxTensor.createTensor(
                  environment, bytes(4 * sizes.hiddenSize() * capacity).asFloatBuffer(), shape);
          inputs.put("past_key_values." + layer + "." + part, cache);
          outputs.put("present." + layer + "." + part, cache);
        }
      }
    }

    private static ByteBuffer bytes(int length) {
      return ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
    }

    int[] run() throws OrtException {
      int[] newIds = new int[NEW_TOKENS];
      for (int position = 0; position < PROMPT.length + NEW_TOKENS - 1; position++) {
        int next = position - PROMPT.length;
        inputIds.put(0, next < 0 ? PROMPT[position] : newIds[next]);
        positionIds.put(0, position);
        seqlensK.put(0, position);
        totalSequenceLength.put(0, position + 1);
        session.run(inputs, outputs).close();
        if (next + 1 >= 0) {
          logits.get(0, row);
          newIds[next + 1] = largest(row);
        }
      }
      return newIds;
    }

    private static int largest(float[] values) {
      int best = 0;
      for (int i = 1; i < values.length; i++) {
        if (values[i] > values[best]) {
          best = i;
        }
      }
      return best;
    }

    @Override
    public void close() throws OrtException {
      outputs.values().forEach(OnnxTensor::close);
      inputs.values().stream().filter(tensor -> !tensor.isClosed()).forEach(OnnxTensor::close);
      session.close();
    }
  }
}

package dev.polylm.export.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.export.checkpoint.Checkpoint;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.reference.ActivationObserver;
import dev.polylm.export.reference.PlacedIds;
import dev.polylm.export.reference.ReferenceModel;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.weights.ArrayTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyValueCalibrationTest {
  private static final Path FIXTURE = Path.of("src/test/resources/checkpoints/untied-head");
  private static final List<PlacedIds> SEQUENCES =
      List.of(
          new PlacedIds(new int[] {5, 6, 7}, new int[] {0, 1, 63}),
          PlacedIds.of(IntStream.range(3, 50).toArray()));

  private static final String WEIGHT = "transformer.h.0.attn.c_attn.weight";
  private static final String BIAS = "transformer.h.0.attn.c_attn.bias";

  private final Workers workers = new Workers(2);
  private Checkpoint checkpoint;
  private ReferenceModel model;

  @BeforeEach
  void open() {
    checkpoint = Checkpoint.open(FIXTURE);
    model = ReferenceModel.open(checkpoint.config(), checkpoint.tensors(), workers);
  }

  @AfterEach
  void close() {
    checkpoint.close();
    workers.close();
  }

  @Test
  void aScaleReachesHalfBeyondTheLargestOfItsChannel() {
    KeyValueCalibration calibration = new KeyValueCalibration(model, SEQUENCES);
    int width = checkpoint.config().nEmbd();
    for (int layer = 0; layer < checkpoint.config().nLayer(); layer++) {
      float[][] qkv = qkv(layer); // [50][3 nEmbd]
      assertThat(calibration.ofKeys(layer)).isEqualTo(scales(qkv, width, width));
      assertThat(calibration.ofValues(layer)).isEqualTo(scales(qkv, 2 * width, width));
    }
  }

  private float[][] qkv(int layer) {
    List<float[]> rows = new ArrayList<>();
    ActivationObserver observer =
        new ActivationObserver() {
          @Override
          public void onQueriesKeysValues(int seenLayer, float[][] qkv) {
            if (seenLayer == layer) {
              Arrays.stream(qkv).map(float[]::clone).forEach(rows::add);
            }
          }
        };
    model.beginPlaced(SEQUENCES, observer).finish();
    assertThat(rows).hasSize(50);
    return rows.toArray(float[][]::new);
  }

  private static float[] scales(float[][] rows, int from, int count) {
    float[] scales = new float[count];
    for (int i = 0; i < count; i++) {
      int channel = from + i;
      double largest =
          Arrays.stream(rows).mapToDouble(row -> Math.abs(row[channel])).max().orElseThrow();
      scales[i] = (float) largest * 1.5f / 127;
    }
    return scales;
  }

  /** The layers' order is the exporter's; what was asked for once is known. */
  @Test
  void layersMayBeAskedForAgain() {
    KeyValueCalibration calibration = new KeyValueCalibration(model, SEQUENCES);
    float[] values = calibration.ofValues(0);
    float[] keys = calibration.ofKeys(1);

    assertThat(calibration.ofValues(0)).isEqualTo(values).isNotEqualTo(keys);
    assertThat(calibration.ofKeys(1)).isEqualTo(keys);
  }

  /** Weights may be NaN or infinite where that is allowed. */
  @Test
  void channelsOfNothingThatHasAScaleGetOne() {
    Map<String, StoredTensor> tensors = new HashMap<>(checkpoint.tensors());
    int width = checkpoint.config().nEmbd();
    float[] bias = new float[3 * width];
    bias[width] = Float.NaN;
    bias[width + 1] = Float.POSITIVE_INFINITY;
    bias[width + 3] = -1.27f;
    bias[width + 4] = Float.MIN_VALUE; // whose scale would be 0
    tensors.put(WEIGHT, ArrayTensor.of(WEIGHT, new float[3 * width * width], width, 3L * width));
    tensors.put(BIAS, ArrayTensor.of(BIAS, bias, bias.length));
    ReferenceModel changed = ReferenceModel.open(checkpoint.config(), tensors, workers);

    float[] keys = new KeyValueCalibration(changed, SEQUENCES).ofKeys(0);

    assertThat(Arrays.copyOf(keys, 5)).containsExactly(1, 1, 1, 0.015f, Float.MIN_NORMAL);
  }
}

package dev.polylm.export.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.polylm.export.checkpoint.Checkpoint;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.quantize.Hessian;
import dev.polylm.export.reference.ActivationObserver;
import dev.polylm.export.reference.ActivationObserver.ProjectionKind;
import dev.polylm.export.reference.ReferenceModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static final Path FIXTURE = Path.of("src/test/resources/checkpoints/untied-head");
  private static final List<int[]> SEQUENCES =
      List.of(new int[] {5, 6, 7}, IntStream.range(3, 50).toArray());

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
  void eachMatrixHasTheHessianOfItsInputs() {
    List<Integer> heard = new ArrayList<>();
    Calibration calibration = new Calibration(model, null, SEQUENCES, workers, heard::add);

    assertThat(calibration.of("wte.weight")).isNull();
    assertIsOf(calibration.of("h.0.attn.c_attn.weight"), ProjectionKind.ATTENTION_INPUT, 0);
    assertIsOf(calibration.of("h.0.mlp.c_proj.weight"), ProjectionKind.MLP_OUTPUT, 0);
    assertIsOf(calibration.of("h.1.attn.c_proj.weight"), ProjectionKind.ATTENTION_OUTPUT, 1);
    assertIsOf(calibration.of("h.1.mlp.c_fc.weight"), ProjectionKind.MLP_INPUT, 1);
    assertIsOf(calibration.of("lm_head.weight"), ProjectionKind.HEAD, checkpoint.config().nLayer());
    assertThat(heard).containsExactly(0, 1);
  }

  private void assertIsOf(Hessian hessian, ProjectionKind projection, int layer) {
    float[][][] inputs = new float[1][][];
    model.hiddenStates(
        SEQUENCES,
        new ActivationObserver() {
          @Override
          public void onProjectionInput(ProjectionKind seen, int seenLayer, float[][] rows) {
            if (seen == projection && seenLayer == layer) {
              inputs[0] = Arrays.stream(rows).map(float[]::clone).toArray(float[][]::new);
            }
          }
        });
    float[] diagonal = Objects.requireNonNull(hessian).diagonal();
    assertThat(diagonal).hasSize(inputs[0][0].length);
    for (int column = 0; column < diagonal.length; column++) {
      double squares = 0;
      for (float[] row : inputs[0]) {
        squares += (double) row[column] * row[column];
      }
      assertThat((double) diagonal[column]).isCloseTo(squares, within(1e-4 * squares));
    }
  }

  @Test
  void theOrderIsThatOfTheLayers() {
    Calibration calibration = new Calibration(model, null, SEQUENCES, workers, layer -> {});
    calibration.of("h.1.mlp.c_fc.weight");

    assertThatThrownBy(() -> calibration.of("h.0.mlp.c_fc.weight"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("layer 0 was requested after layer 1");
    assertThatThrownBy(() -> calibration.of("wpe.weight"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("wpe.weight is not a matrix of a layer");
  }
}

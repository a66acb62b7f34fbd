package dev.polylm.export.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.StoredTensor;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiniteTensorTest {

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void isRefusedWhereItIsRead(float value) {
    Map<String, StoredTensor> tensors = RandomTensors.conv1d("");
    ((ArrayTensor) tensors.get("h.1.mlp.c_fc.weight")).values()[24 * 3 + 5] = value;
    Matrix weight =
        ModelWeights.of(RandomTensors.config(), tensors).layers().get(1).mlpInput().weight();

    float[] before = new float[3];
    weight.transposed().read(0, 3, 0, 1, before);
    assertThat(before).doesNotContain(0f);
    assertThatThrownBy(() -> weight.transposed().read(3, 1, 0, 24, new float[24]))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "model.safetensors: tensor h.1.mlp.c_fc.weight holds %s at element 77, "
                    .formatted(value)
                + "expected finite weights unless others are allowed");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY})
  void isReadWhereItIsAllowed(float value) {
    Map<String, StoredTensor> tensors = RandomTensors.conv1d("");
    ((ArrayTensor) tensors.get("ln_f.bias")).values()[2] = value;
    ModelWeights.Rules rules = new ModelWeights.Rules(true, false);
    float[] read = new float[16];

    ModelWeights.of(RandomTensors.config(), tensors, rules)
        .finalNorm()
        .bias()
        .asRow()
        .read(0, 1, 0, 16, read);

    assertThat(read[2]).isEqualTo(Float.valueOf(value));
  }
}

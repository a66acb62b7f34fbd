package dev.polylm.export.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.export.tensor.StoredTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fixture's tensors, against what PyTorch and safetensors read: tensors.json. */
class CheckpointFixturesTest {
  private static final JsonNode EXPECTED =
      Fixtures.json(Fixtures.checkpoint("tensors.json")).path("checkpoints");

  static Stream<String> checkpoints() {
    return EXPECTED.properties().stream().map(Map.Entry::getKey);
  }

  @Test
  void thereAreFourteen() {
    assertThat(checkpoints()).hasSize(14);
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void everyElementIsWhatPyTorchReads(String name) {
    JsonNode expected = EXPECTED.path(name);
    try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint(name))) {
      assertThat(checkpoint.tensors().keySet())
          .containsExactlyElementsOf(
              expected.properties().stream().map(Map.Entry::getKey).toList());
      checkpoint.tensors().forEach((key, tensor) -> assertTensor(tensor, key, expected.path(key)));
    }
  }

  private static void assertTensor(StoredTensor tensor, String name, JsonNode expected) {
    assertThat(tensor.name()).isEqualTo(name);
    assertThat(tensor.type().name()).as(name).isEqualTo(expected.path("type").asText());
    assertThat(tensor.shape().toString().replace(" ", ""))
        .as(name)
        .isEqualTo(expected.path("shape").toString());
    if (tensor.type().isWeight()) {
      float[] elements = new float[(int) tensor.elements()];
      tensor.read(0, elements, 0, elements.length);
      assertThat(crc32(elements)).as(name).isEqualTo(expected.path("crc32").asLong());
      for (Map.Entry<String, JsonNode> element : expected.path("elements").properties()) {
        float[] one = new float[1];
        tensor.read(Long.parseLong(element.getKey()), one, 0, 1);
        assertThat(one[0]).as(name).isEqualTo(element.getValue().floatValue());
      }
    }
  }

  private static long crc32(float[] elements) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * elements.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(elements);
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  @ParameterizedTest
  @CsvSource({
    "safetensors-fp32, 320, 2, 128, GELU_ERF, 1e-5, true, false, true",
    "safetensors-bf16-gelu-new, 320, 2, 128, GELU_TANH, 1e-5, true, false, true",
    "gelu-fast-eps, 320, 2, 128, GELU_TANH, 1e-3, true, false, true",
    "narrow-mlp-relu, 320, 2, 96, RELU, 1e-5, true, false, true",
    "four-heads-odd-vocab, 317, 4, 128, GELU_ERF, 1e-5, true, false, true",
    "inverse-layer-scale, 320, 2, 128, GELU_ERF, 1e-5, true, true, true",
    "no-attention-scale, 320, 2, 128, GELU_ERF, 1e-5, false, false, true",
    "untied-head, 320, 2, 128, GELU_ERF, 1e-5, true, false, false",
    "linear-layout-polylm-head, 320, 2, 128, GELU_ERF, 1e-5, true, false, true",
  })
  void theConfigIsRead(
      String name,
      int vocabSize,
      int nHead,
      int nInner,
      Activation activation,
      float epsilon,
      boolean scaled,
      boolean inverse,
      boolean tied) {
    int layers = name.equals("four-heads-odd-vocab") ? 3 : 2;
    try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint(name))) {
      assertThat(checkpoint.config())
          .isEqualTo(
              new ModelConfig(
                  vocabSize,
                  64,
                  32,
                  layers,
                  nHead,
                  nInner,
                  activation,
                  epsilon,
                  scaled,
                  inverse,
                  tied));
    }
  }
}

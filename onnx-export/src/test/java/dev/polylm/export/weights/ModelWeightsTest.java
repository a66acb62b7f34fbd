package dev.polylm.export.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.export.checkpoint.Activation;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.tensor.ElementType;
import dev.polylm.export.tensor.StoredTensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelWeightsTest {
  private static final ModelConfig CONFIG = RandomTensors.config();
  private final Map<String, StoredTensor> tensors = RandomTensors.conv1d("transformer.");

  @ParameterizedTest
  @ValueSource(strings = {"", "transformer."})
  void findsWeightsWithAndWithoutThePrefix(String prefix) {
    Map<String, StoredTensor> stored = RandomTensors.conv1d(prefix);

    ModelWeights weights = ModelWeights.of(CONFIG, stored);

    assertThat(weights.layers()).hasSize(2);
    assertThat(weights.layers().get(1).mlpNorm().bias().tensor())
        .isEqualTo(new FiniteTensor(stored.get(prefix + "h.1.ln_2.bias")));
    assertThat(weights.layers().get(1).mlpNorm().bias().name()).isEqualTo("h.1.ln_2.bias");
    assertThat(weights.tokenEmbedding().name()).isEqualTo("wte.weight");
    assertThat(weights.finalNorm().weight().size()).isEqualTo(16);
  }

  @Test
  void bothLayoutsGiveOutputRows() {
    for (Map<String, StoredTensor> stored :
        List.of(RandomTensors.conv1d(""), RandomTensors.linear(""))) {
      LayerWeights layer = ModelWeights.of(CONFIG, stored).layers().get(0);

      assertThat(List.of(layer.qkv().weight().rows(), layer.qkv().weight().columns()))
          .containsExactly(48L, 16L);
      assertThat(List.of(layer.mlpInput().weight().rows(), layer.mlpInput().weight().columns()))
          .containsExactly(24L, 16L);
      assertThat(List.of(layer.mlpOutput().weight().rows(), layer.mlpOutput().weight().columns()))
          .containsExactly(16L, 24L);
    }
  }

  @Test
  void theSquareProjectionFollowsTheLayout() {
    float[] first = new float[3];
    Map<String, StoredTensor> linear = RandomTensors.linear("");
    ArrayTensor stored = (ArrayTensor) linear.get("h.0.attn.c_proj.weight");
    ModelWeights.of(CONFIG, linear)
        .layers()
        .get(0)
        .attentionOutput()
        .weight()
        .read(0, 1, 0, 3, first);
    assertThat(first).containsExactly(stored.values()[0], stored.values()[1], stored.values()[2]);

    ModelWeights conv1d = ModelWeights.of(CONFIG, RandomTensors.conv1d(""));
    conv1d.layers().get(0).attentionOutput().weight().read(0, 1, 0, 3, first);
    assertThat(first).containsExactly(stored.values()[0], stored.values()[16], stored.values()[32]);
  }

  @Test
  void aSquareFeedForwardFollowsTheLayout() {
    ModelConfig square =
        new ModelConfig(40, 12, 16, 1, 2, 16, Activation.RELU, 1e-5f, true, false, true);
    tensors.keySet().removeIf(name -> name.contains("h.1.") || name.contains("mlp"));
    for (String name : List.of("h.0.mlp.c_fc", "h.0.mlp.c_proj")) {
      put(ArrayTensor.random("transformer." + name + ".weight", 16, 16));
      put(ArrayTensor.random("transformer." + name + ".bias", 16));
    }

    Matrix weight = ModelWeights.of(square, tensors).layers().get(0).mlpInput().weight();

    assertThat(weight).isInstanceOf(TransposedMatrix.class);
  }

  @Test
  void buffersOfTheCausalMaskAreNoWeights() {
    put(tensor("transformer.h.0.attn.bias", ElementType.U8, 1, 1, 12, 12));
    put(tensor("transformer.h.1.attn.masked_bias", ElementType.F32));

    assertThat(ModelWeights.of(CONFIG, tensors).layers()).hasSize(2);
  }

  @Test
  void aTiedHeadOfTheSameValuesIsTheEmbedding() {
    float[] same = embedding();
    same[7] = 0f;
    put(ArrayTensor.of("lm_head.weight", same, 40, 16));
    float[] negative = same.clone();
    negative[7] = -0f;
    put(ArrayTensor.of("transformer.wte.weight", negative, 40, 16));

    ModelWeights weights = ModelWeights.of(CONFIG, tensors);

    assertThat(weights.head()).isSameAs(weights.tokenEmbedding());
    assertThat(weights.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 639})
  void aTiedHeadWhoseLastOrFirstValueDiffersIsTheFiles(int index) {
    float[] other = embedding();
    other[index] = Math.nextUp(other[index]);
    put(ArrayTensor.of("lm_head.weight", other, 40, 16));

    ModelWeights weights = ModelWeights.of(CONFIG, tensors);

    assertThat(weights.head().name()).isEqualTo("lm_head.weight");
    assertThat(weights.warnings())
        .containsExactly(
            "model.safetensors: tensor lm_head.weight holds other values than tensor"
                + " transformer.wte.weight, although config.json ties the two: the head was exported"
                + " as it is, as transformers 5 does (transformers 4 takes the embedding)");
  }

  @Test
  void aTiedHeadWithNanEqualsNothing() {
    float[] broken = embedding();
    broken[3] = Float.NaN;
    put(ArrayTensor.of("lm_head.weight", broken, 40, 16));
    put(ArrayTensor.of("transformer.wte.weight", broken, 40, 16));

    assertThat(ModelWeights.of(CONFIG, tensors, new ModelWeights.Rules(true, false)).head().name())
        .isEqualTo("lm_head.weight");
  }

  private float[] embedding() {
    return ((ArrayTensor) tensors.get("transformer.wte.weight")).values().clone();
  }

  @Test
  void anOwnHeadIsTheFiles() {
    put(ArrayTensor.random("lm_head.weight", 40, 16));

    ModelWeights weights = ModelWeights.of(RandomTensors.config(2, false), tensors);

    assertThat(weights.head().name()).isEqualTo("lm_head.weight");
    assertThat(weights.warnings()).isEmpty();
  }

  @Test
  void anOwnHeadMustBeThere() {
    assertRefused(
        RandomTensors.config(2, false),
        "tensor lm_head.weight is missing from the checkpoint, expected one of shape [40, 16]");
  }

  @Test
  void aTiedHeadOfAnotherShapeIsRefused() {
    put(ArrayTensor.random("lm_head.weight", 41, 16));

    assertRefused("model.safetensors: tensor lm_head.weight has shape [41, 16], expected [40, 16]");
  }

  @Test
  void aMissingTensorIsNamedAsTheOthersAre() {
    tensors.remove("transformer.h.1.ln_2.bias");

    assertRefused(
        "tensor transformer.h.1.ln_2.bias is missing from the checkpoint, expected one of shape [16]");
  }

  @Test
  void aMissingFirstProjectionNamesBothLayouts() {
    tensors.remove("transformer.h.0.attn.c_attn.weight");

    assertRefused(
        "tensor transformer.h.0.attn.c_attn.weight is missing from the checkpoint, "
            + "expected one of shape [16, 48] or [48, 16]");
  }

  /** As torch.compile and DistributedDataParallel save them; transformers doesn't find them. */
  @ParameterizedTest
  @ValueSource(strings = {"_orig_mod.", "module."})
  void aWordBeforeAllNamesIsNamed(String word) {
    Map<String, StoredTensor> renamed = new TreeMap<>();
    tensors.forEach((name, tensor) -> renamed.put(word + name, tensor));
    tensors.clear();
    tensors.putAll(renamed);

    assertRefused(
        "tensor h.0.attn.c_attn.weight is missing from the checkpoint, expected one of shape"
            + " [16, 48] or [48, 16]; there is "
            + word
            + "transformer.h.0.attn.c_attn.weight: rename the tensors as transformers has them");
  }

  @Test
  void anEmptyCheckpointMissesATensor() {
    tensors.clear();

    assertRefused(
        "tensor h.0.attn.c_attn.weight is missing from the checkpoint, "
            + "expected one of shape [16, 48] or [48, 16]");
  }

  @Test
  void aCountOfLayersThatLiesEndsAtTheFirstMissingTensor() {
    ModelConfig deep =
        new ModelConfig(
            40, 12, 16, Integer.MAX_VALUE, 2, 24, Activation.RELU, 1e-5f, true, false, true);

    assertRefused(
        deep,
        "tensor transformer.h.2.ln_1.weight is missing from the checkpoint, expected one of shape [16]");
  }

  @Test
  void aShapeOfNeitherLayoutIsRefused() {
    put(ArrayTensor.random("transformer.h.0.attn.c_attn.weight", 16, 47));

    assertRefused(
        "model.safetensors: tensor transformer.h.0.attn.c_attn.weight has shape [16, 47], "
            + "expected [16, 48] or [48, 16]");
  }

  @Test
  void layersOfDifferentLayoutsAreRefused() {
    put(ArrayTensor.random("transformer.h.1.attn.c_attn.weight", 48, 16));

    assertRefused(
        "model.safetensors: tensor transformer.h.1.attn.c_attn.weight has shape [48, 16], "
            + "expected [16, 48]");
  }

  @Test
  void aFeedForwardOfTheOtherLayoutIsRefused() {
    put(ArrayTensor.random("transformer.h.1.mlp.c_fc.weight", 24, 16));

    assertRefused(
        "model.safetensors: tensor transformer.h.1.mlp.c_fc.weight has shape [24, 16], "
            + "expected [16, 24]");
  }

  @Test
  void aTypeThatIsNoWeightsIsRefused() {
    put(tensor("transformer.wpe.weight", ElementType.I64, 12, 16));

    assertRefused(
        "model.safetensors: tensor transformer.wpe.weight has elements of type I64, "
            + "expected F64, F32, F16 or BF16");
  }

  @Test
  void unknownTensorsAreNamed() {
    put(ArrayTensor.random("transformer.h.0.crossattention.c_attn.weight", 16, 32));
    put(ArrayTensor.random("transformer.h.2.attn.bias", 1, 1, 12, 12));

    assertThat(ModelWeights.of(CONFIG, tensors).warnings())
        .containsExactly(
            "model.safetensors: tensor transformer.h.0.crossattention.c_attn.weight of shape"
                + " [16, 32] is unknown and was left out",
            "model.safetensors: tensor transformer.h.2.attn.bias of shape [1, 1, 12, 12] is"
                + " unknown and was left out");
  }

  @Test
  void buffersAndWeightsAreKnown() {
    put(ArrayTensor.random("transformer.h.1.attn.bias", 1, 1, 12, 12));

    assertThat(ModelWeights.of(CONFIG, tensors).warnings()).isEmpty();
  }

  @Test
  void twoNamesOfOneWeightAreRefused() {
    put(ArrayTensor.random("wte.weight", 40, 16));

    assertThatThrownBy(() -> ModelWeights.of(CONFIG, tensors))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "model.safetensors: tensor wte.weight stands for the same weight as tensor "
                + "transformer.wte.weight of model.safetensors, expected one of the two");
  }

  private void put(StoredTensor tensor) {
    tensors.put(tensor.name(), tensor);
  }

  private static StoredTensor tensor(String name, ElementType type, long... shape) {
    return ArrayTensor.random(name, shape).as(type);
  }

  private void assertRefused(String message) {
    assertRefused(CONFIG, message);
  }

  private void assertRefused(ModelConfig config, String message) {
    assertThatThrownBy(() -> ModelWeights.of(config, tensors))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(message);
  }
}

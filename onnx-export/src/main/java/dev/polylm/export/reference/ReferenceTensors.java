package dev.polylm.export.reference;

import dev.polylm.PolyLmException;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.tensor.StoredTensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the tensors of a GPT-2 model by Hugging Face's names and checks their shapes. */
final class ReferenceTensors {
  private static final float[] NO_BIAS = new float[0];

  private final ModelConfig config;
  private final Map<String, StoredTensor> tensors;
  private final boolean linear;

  ReferenceTensors(ModelConfig config, Map<String, StoredTensor> tensors) {
    this.config = config;
    this.tensors = tensors;
    long width = config.nEmbd();
    StoredTensor attention = find(layerName(0, "attn.c_attn.weight"));
    this.linear = attention.shape().equals(List.of(3 * width, width));
  }

  private static String layerName(int layer, String name) {
    return "h." + layer + "." + name;
  }

  /** Returns the tensor with a name, with or without the prefix {@code transformer.}. */
  private StoredTensor find(String name) {
    StoredTensor tensor = findOrNull(name);
    if (tensor == null) {
      throw new PolyLmException("checkpoint: has no tensor transformer.%s".formatted(name));
    }
    return tensor;
  }

  private @Nullable StoredTensor findOrNull(String name) {
    StoredTensor tensor = tensors.get("transformer." + name);
    return tensor == null ? tensors.get(name) : tensor;
  }

  private static StoredTensor check(StoredTensor tensor, long... shape) {
    List<Long> expected = Arrays.stream(shape).boxed().toList();
    if (!tensor.shape().equals(expected)) {
      throw new PolyLmException(
          "%s: tensor %s has shape %s, expected %s"
              .formatted(tensor.file(), tensor.name(), tensor.shape(), expected));
    }
    return tensor;
  }

  private float[] vector(String name, int length) {
    float[] values = new float[length];
    check(find(name), length).read(0, values, 0, length);
    return values;
  }

  private WeightMatrix matrix(String name, int inputs, int outputs) {
    StoredTensor tensor = find(name);
    check(tensor, linear ? new long[] {outputs, inputs} : new long[] {inputs, outputs});
    return new WeightMatrix(tensor, inputs, outputs, linear);
  }

  StoredTensor tokenEmbedding() {
    return check(find("wte.weight"), config.vocabSize(), config.nEmbd());
  }

  StoredTensor positionEmbedding() {
    return check(find("wpe.weight"), config.nPositions(), config.nEmbd());
  }

  /**
   * Returns the output head: {@code lm_head.weight} if the file has it, or else the embedding.
   * Hugging Face's version 5 does the same with a head that is declared tied but differs.
   */
  LayerParameters.Affine head() {
    StoredTensor own = findOrNull("lm_head.weight");
    StoredTensor tensor =
        own == null && config.tieWordEmbeddings() ? tokenEmbedding() : find("lm_head.weight");
    check(tensor, config.vocabSize(), config.nEmbd());
    return new LayerParameters.Affine(
        new WeightMatrix(tensor, config.nEmbd(), config.vocabSize(), true), NO_BIAS);
  }

  LayerParameters.Norm finalNorm() {
    return norm("ln_f");
  }

  private LayerParameters.Norm norm(String name) {
    int width = config.nEmbd();
    return new LayerParameters.Norm(vector(name + ".weight", width), vector(name + ".bias", width));
  }

  LayerParameters layer(int layer) {
    int width = config.nEmbd();
    int inner = config.nInner();
    return new LayerParameters(
        norm(layerName(layer, "ln_1")),
        affine(layerName(layer, "attn.c_attn"), width, 3 * width),
        affine(layerName(layer, "attn.c_proj"), width, width),
        norm(layerName(layer, "ln_2")),
        affine(layerName(layer, "mlp.c_fc"), width, inner),
        affine(layerName(layer, "mlp.c_proj"), inner, width));
  }

  private LayerParameters.Affine affine(String name, int inputs, int outputs) {
    return new LayerParameters.Affine(
        matrix(name + ".weight", inputs, outputs), vector(name + ".bias", outputs));
  }
}

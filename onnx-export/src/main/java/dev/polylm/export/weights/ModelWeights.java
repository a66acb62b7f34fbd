package dev.polylm.export.weights;

import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.weights.LayerWeights.Projection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * All weights of a model.
 *
 * @param tokenEmbedding {@code wte}, [vocabSize, nEmbd]
 * @param positionEmbedding {@code wpe}, [nPositions, nEmbd]
 * @param layers in order
 * @param finalNorm {@code ln_f}
 * @param head the output head, [vocabSize, nEmbd]; a head with the same values is the same object
 *     as tokenEmbedding
 * @param warnings what Hugging Face also warns about, a sentence each: unused tensors, which are
 *     left out, and a head that is declared tied but has values of its own
 */
public record ModelWeights(
    Matrix tokenEmbedding,
    Matrix positionEmbedding,
    List<LayerWeights> layers,
    LayerWeights.Norm finalNorm,
    Matrix head,
    List<String> warnings) {
  private static final Pattern QKV_WEIGHT = Pattern.compile("h\\.\\d+\\.attn\\.c_attn\\.weight");
  private static final Pattern QKV_BIAS = Pattern.compile("h\\.\\d+\\.attn\\.c_attn\\.bias");

  /** Finds the weights by {@link Rules#DEFAULT}. */
  public static ModelWeights of(ModelConfig config, Map<String, StoredTensor> tensors) {
    return of(config, tensors, Rules.DEFAULT);
  }

  /**
   * Finds the weights among a checkpoint's tensors. Values that are not finite are found when they
   * are read; reading then throws a PolyLmException that names the tensor.
   *
   * @param tensors by their stored names, with or without the prefix {@code transformer.}
   * @throws dev.polylm.PolyLmException if a tensor is missing, or has another shape or type than
   *     the configuration requires
   */
  public static ModelWeights of(
      ModelConfig config, Map<String, StoredTensor> tensors, Rules rules) {
    NamedTensors named = new NamedTensors(tensors);
    if (!rules.allowNonFinite()) {
      named.replaceAll(FiniteTensor::new);
    }
    Layout layout = Layout.of(config, named);
    if (rules.interleavedQkv()) {
      named.replace(QKV_WEIGHT, tensor -> layout.deinterleaved(tensor, config.nHead()));
      named.replace(QKV_BIAS, tensor -> new DeinterleavedTensor(tensor, config.nHead(), 0));
    }
    return new Finder(config, named, layout).model();
  }

  private record Finder(ModelConfig config, NamedTensors tensors, Layout layout) {

    ModelWeights model() {
      StoredMatrix embedding = tensors.matrix("wte.weight", config.vocabSize(), config.nEmbd());
      // A growing list, so that a wrong layer count ends at the first missing tensor.
      List<LayerWeights> layers = new ArrayList<>();
      for (int layer = 0; layer < config.nLayer(); layer++) {
        layers.add(layer(layer));
      }
      Matrix positions = tensors.matrix("wpe.weight", config.nPositions(), config.nEmbd());
      LayerWeights.Norm finalNorm = norm("ln_f");
      StoredMatrix head = head(embedding);
      List<String> warnings = new ArrayList<>(tensors.unknown());
      if (config.tieWordEmbeddings() && !head.name().equals(embedding.name())) {
        warnings.add(untied(head, embedding));
      }
      return new ModelWeights(
          embedding, positions, List.copyOf(layers), finalNorm, head, List.copyOf(warnings));
    }

    private static String untied(StoredMatrix head, StoredMatrix embedding) {
      return "%s: tensor %s holds other values than tensor %s, although config.json ties the two:"
              .formatted(head.tensor().file(), head.tensor().name(), embedding.tensor().name())
          + " the head was exported as it is, as transformers 5 does (transformers 4 takes the"
          + " embedding)";
    }

    /**
     * A tied head is the embedding, unless the file holds other values for it. Hugging Face's
     * version 5 does the same and then says "we will NOT tie them" (PreTrainedModel.tie_weights,
     * transformers 5.17.0). Earlier versions took the embedding.
     */
    private StoredMatrix head(StoredMatrix embedding) {
      String name = "lm_head.weight";
      if (config.tieWordEmbeddings() && !tensors.contains(name)) {
        return embedding;
      }
      StoredMatrix stored = tensors.matrix(name, config.vocabSize(), config.nEmbd());
      return config.tieWordEmbeddings() && EqualMatrices.test(embedding, stored)
          ? embedding
          : stored;
    }

    private LayerWeights layer(int layer) {
      String at = "h." + layer + ".";
      // Buffers of transformers before 4.31: the causal mask and the value that it fills in.
      tensors.ignore(at + "attn.bias");
      tensors.ignore(at + "attn.masked_bias");
      long width = config.nEmbd();
      return new LayerWeights(
          norm(at + "ln_1"),
          projection(at + "attn.c_attn", width, 3 * width),
          projection(at + "attn.c_proj", width, width),
          norm(at + "ln_2"),
          projection(at + "mlp.c_fc", width, config.nInner()),
          projection(at + "mlp.c_proj", config.nInner(), width));
    }

    private Projection projection(String at, long in, long out) {
      return new Projection(
          layout.take(tensors, at + ".weight", in, out), tensors.vector(at + ".bias", out));
    }

    private LayerWeights.Norm norm(String at) {
      return new LayerWeights.Norm(
          tensors.vector(at + ".weight", config.nEmbd()),
          tensors.vector(at + ".bias", config.nEmbd()));
    }
  }

  /**
   * The rules for taking a checkpoint's tensors.
   *
   * @param allowNonFinite whether weights may be NaN or infinite
   * @param interleavedQkv whether the outputs of c_attn are grouped by heads, [heads, 3, headDim],
   *     as in Megatron-LM; otherwise they are grouped by Q, K, V, [3, heads, headDim], as in GPT-2
   */
  public record Rules(boolean allowNonFinite, boolean interleavedQkv) {
    /** Hugging Face's rules: finite weights, with Q, K and V one after the other. */
    public static final Rules DEFAULT = new Rules(false, false);
  }
}

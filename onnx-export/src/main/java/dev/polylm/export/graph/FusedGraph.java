package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.polylm.PolyLmException;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.quantize.KeyValueScales;
import dev.polylm.export.weights.LayerWeights;
import dev.polylm.export.weights.LayerWeights.Projection;
import dev.polylm.export.weights.ModelWeights;
import dev.polylm.internal.model.TensorNames;
import dev.polylm.model.AdapterFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The model in ONNX Runtime's fused operators, with a cache that is updated in place: GPT-2's
 * pre-norm blocks
 * (https://github.com/huggingface/transformers/blob/v4.57.6/src/transformers/models/gpt2/modeling_gpt2.py).
 * The package's description lists its inputs and outputs.
 */
public final class FusedGraph {
  /** GroupQueryAttention computes a head in vectors of this many floats. */
  private static final int HEAD_DIM_MULTIPLE = 8;

  private static final int INPUTS_BEFORE_SCALES = 12;

  private final GraphBuilder graph = new GraphBuilder("polylm");
  private final ModelConfig config;
  private final ModelWeights weights;
  private final WeightFormat format;
  private final @Nullable KeyValueScales scales; // null if the cache is of floats
  private final Ref lengths; // [batch], valid positions minus 1
  private final Ref longest; // [1]
  private final @Nullable AdapterInputs adapters; // null if none are chosen at run time
  private final boolean head; // whether they change it

  private FusedGraph(
      ModelConfig config,
      ModelWeights weights,
      WeightFormat format,
      @Nullable KeyValueScales scales,
      @Nullable AdapterFacts adapters) {
    this.config = config;
    this.weights = weights;
    this.format = format;
    this.scales = scales;
    this.lengths = graph.input(TensorNames.SEQLENS_K, DataType.INT32, "batch");
    this.longest = graph.input(TensorNames.TOTAL_SEQUENCE_LENGTH, DataType.INT32, 1);
    this.adapters = adapters == null ? null : new AdapterInputs(graph);
    this.head = adapters != null && adapters.head();
  }

  /**
   * Builds the graph with a cache of the floats that it computes with. It doesn't read the weights
   * yet.
   *
   * @throws PolyLmException if the attention operator can't have heads of this width
   */
  public static Graph of(ModelConfig config, ModelWeights weights, WeightFormat format) {
    return of(config, weights, format, null, null);
  }

  /**
   * Builds the graph. It doesn't read the weights yet.
   *
   * @param scales the scales of a cache of 8-bit integers, which are computed layer by layer when
   *     they are written; null for a cache of floats
   * @param adapters what the graph allows of low-rank adapters as inputs, or null if it takes none;
   *     with them its floats have 32 bits
   * @throws PolyLmException if the attention operator can't have heads of this width
   */
  public static Graph of(
      ModelConfig config,
      ModelWeights weights,
      WeightFormat format,
      @Nullable KeyValueScales scales,
      @Nullable AdapterFacts adapters) {
    if (config.headDim() % HEAD_DIM_MULTIPLE != 0) {
      throw new PolyLmException(
          "config.json: n_embd %s over n_head %s gives heads of width %s, expected a multiple of %s"
              .formatted(config.nEmbd(), config.nHead(), config.headDim(), HEAD_DIM_MULTIPLE));
    }
    return new FusedGraph(config, weights, format, scales, adapters).build();
  }

  /**
   * The residual stream after an addition.
   *
   * @param sum [batch, sequence, nEmbd]
   * @param normed its layer norm, the same shape
   */
  private record Stream(Ref sum, Ref normed) {}

  private Graph build() {
    Ref inputIds = graph.input(TensorNames.INPUT_IDS, DataType.INT64, "batch", "sequence");
    Ref positionIds = graph.input(TensorNames.POSITION_IDS, DataType.INT64, "batch", "sequence");
    Ref wanted = graph.input(TensorNames.LOGITS_ROWS, DataType.INT64, "rows");

    Ref tokens = format.lookUp(graph, weights.tokenEmbedding(), inputIds);
    Ref positions =
        graph
            .constant(FloatTensor.of(format.floats(), weights.positionEmbedding()))
            .rows(positionIds);
    Stream stream = add(tokens, positions, norm(0));
    for (int i = 0; i < config.nLayer(); i++) {
      LayerWeights layer = weights.layers().get(i);
      stream = add(attention(i, layer, stream.normed()), stream.sum(), layer.mlpNorm());
      stream = add(mlp(layer, stream.normed()), stream.sum(), norm(i + 1));
    }
    // All positions are an output, since they are computed anyway. A caller that doesn't ask for
    // them pays nothing.
    graph.floatOutput(
        TensorNames.LAST_HIDDEN_STATE,
        stream.normed(),
        format.floats(),
        "batch",
        "sequence",
        config.nEmbd());
    Ref rows = stream.normed().reshaped("rows_of_batch", -1, config.nEmbd()).rows(wanted);
    Ref scored = format.score(graph, weights.head(), rows);
    Ref logits =
        adapters == null || !head
            ? scored
            : adapters.addToHead(scored, rows, config.nEmbd(), config.vocabSize());
    graph.floatOutput(TensorNames.LOGITS, logits, format.floats(), "rows", config.vocabSize());
    return graph.build();
  }

  /** Returns the norm at the beginning of a layer's attention, or the one after the last layer. */
  private LayerWeights.Norm norm(int layer) {
    return layer < config.nLayer()
        ? weights.layers().get(layer).attentionNorm()
        : weights.finalNorm();
  }

  private Stream add(Ref branch, Ref sum, LayerWeights.Norm norm) {
    Ref weight = graph.constant(FloatTensor.of(format.floats(), norm.weight()));
    Ref bias = graph.constant(FloatTensor.of(format.floats(), norm.bias()));
    List<Ref> outputs =
        graph.addAll(
            Operator.SKIP_LAYER_NORMALIZATION,
            List.of(branch, sum, weight, bias),
            Map.of("epsilon", config.layerNormEpsilon()));
    return new Stream(outputs.get(3), outputs.get(0));
  }

  private Ref attention(int index, LayerWeights layer, Ref x) {
    Ref qkv = project(layer.qkv(), x); // [batch, sequence, 3 nEmbd]
    Ref attended = cached(index, qkv); // [batch, sequence, nEmbd]
    return project(layer.attentionOutput(), attended);
  }

  private Ref project(Projection projection, Ref x) {
    Ref projected = format.project(graph, projection, x);
    return adapters == null ? projected : adapters.addTo(projected, projection, x);
  }

  /** Appends keys and values to the layer's cache and attends to all of it. */
  private Ref cached(int index, Ref qkv) {
    Object[] shape = {"batch", config.nHead(), "capacity", config.headDim()};
    DataType type = scales == null ? format.floats().type() : DataType.INT8;
    Ref pastKey = graph.input(TensorNames.past(index, true), type, shape);
    Ref pastValue = graph.input(TensorNames.past(index, false), type, shape);
    List<Ref> inputs =
        List.of(qkv, graph.none(), graph.none(), pastKey, pastValue, lengths, longest);
    Map<String, Object> attributes =
        Map.of(
            "num_heads", config.nHead(),
            "kv_num_heads", config.nHead(),
            "scale", config.attentionScale(index));
    List<Ref> outputs =
        scales == null
            ? graph.addAll(Operator.GROUP_QUERY_ATTENTION, inputs, attributes)
            : quantized(index, scales, inputs, attributes);
    graph.output(TensorNames.present(index, true), outputs.get(1), type, shape);
    graph.output(TensorNames.present(index, false), outputs.get(2), type, shape);
    return outputs.get(0);
  }

  /**
   * Builds the attention with a cache of integers. Keys and values are quantized before they are
   * cached. The attention reads all of them from the cache, including those of the current run.
   */
  private List<Ref> quantized(
      int index, KeyValueScales source, List<Ref> inputs, Map<String, Object> attributes) {
    List<Ref> all = new ArrayList<>(inputs);
    all.addAll(Collections.nCopies(INPUTS_BEFORE_SCALES - inputs.size(), graph.none()));
    all.add(scales(index, "key_scales", () -> source.ofKeys(index)));
    all.add(scales(index, "value_scales", () -> source.ofValues(index)));
    Map<String, Object> more = new HashMap<>(attributes);
    more.put("k_quant_type", "PER_CHANNEL");
    more.put("v_quant_type", "PER_CHANNEL");
    more.put("kv_cache_bit_width", Byte.SIZE);
    return graph.addAll(Operator.GROUP_QUERY_ATTENTION_IN_INTEGERS, all, more);
  }

  private Ref scales(int layer, String name, Supplier<float[]> source) {
    String full = "h.%s.attn.%s".formatted(layer, name);
    return graph.constant(new ScaleTensor(full, config.nHead(), config.headDim(), source));
  }

  private Ref mlp(LayerWeights layer, Ref x) {
    Ref inner = project(layer.mlpInput(), x); // [batch, sequence, nInner]
    return project(layer.mlpOutput(), ActivationNodes.fused(config.activation(), inner));
  }
}

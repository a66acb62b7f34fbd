package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.weights.LayerWeights;
import dev.polylm.export.weights.ModelWeights;
import dev.polylm.internal.model.TensorNames;
import java.util.List;
import java.util.Map;

/**
 * The model in operators of only the ONNX standard. Its inputs and outputs are those that Hugging
 * Face Optimum and transformers.js expect of a decoder with past
 * (https://github.com/huggingface/optimum/blob/v1.24.0/optimum/exporters/onnx/config.py); the
 * package's description lists them. It computes the blocks of {@link FusedGraph}.
 */
public final class PortableGraph {
  private static final String BATCH = "batch_size";
  private static final String SEQUENCE = "sequence_length";
  private static final String PAST = "past_sequence_length";
  private static final String TOTAL = "past_sequence_length + sequence_length";

  private final GraphBuilder graph = new GraphBuilder("polylm");
  private final ModelConfig config;
  private final ModelWeights weights;
  private final WeightFormat format;
  private final Ref inputIds; // [batch, sequence]
  private final Ref mask; // [batch, past + sequence]
  private final Ref positionIds; // [batch, sequence]
  private final Ref visible; // [batch, 1, sequence, past + sequence], which keys a query sees

  private PortableGraph(ModelConfig config, ModelWeights weights, WeightFormat format) {
    this.config = config;
    this.weights = weights;
    this.format = format;
    this.inputIds = graph.input(TensorNames.INPUT_IDS, DataType.INT64, BATCH, SEQUENCE);
    this.mask = graph.input(TensorNames.ATTENTION_MASK, DataType.INT64, BATCH, TOTAL);
    this.positionIds = graph.input(TensorNames.POSITION_IDS, DataType.INT64, BATCH, SEQUENCE);
    this.visible = visible();
  }

  /** Builds the graph. It doesn't read the weights yet. */
  public static Graph of(ModelConfig config, ModelWeights weights, WeightFormat format) {
    return new PortableGraph(config, weights, format).build();
  }

  /** Selects the keys up to a query's own, except those that the mask excludes. */
  private Ref visible() {
    Ref total = size(mask);
    Ref past = graph.add(Operator.SUB, List.of(total, size(inputIds)));
    Ref keys = range(graph.scalar("zero", 0), total); // [past + sequence]
    Ref queries = unsqueezed(range(past, total), "of_column", 1); // [sequence, 1]
    Ref causal = graph.add(Operator.LESS_OR_EQUAL, List.of(keys, queries));
    Ref kept = graph.add(Operator.CAST, List.of(mask), Map.of("to", DataType.BOOL.getNumber()));
    return graph.add(Operator.AND, List.of(causal, unsqueezed(kept, "of_mask", 1, 2)));
  }

  /** Returns the second dimension of [batch, n], a scalar. */
  private Ref size(Ref matrix) {
    Ref shape = graph.add(Operator.SHAPE, List.of(matrix));
    return graph.add(Operator.GATHER, List.of(shape, graph.scalar("one", 1)), Map.of("axis", 0));
  }

  private Ref range(Ref from, Ref to) {
    return graph.add(Operator.RANGE, List.of(from, to, graph.scalar("one", 1)));
  }

  private Ref unsqueezed(Ref value, String name, long... axes) {
    return graph.add(Operator.UNSQUEEZE, List.of(value, graph.constant(name, axes)));
  }

  private Graph build() {
    Ref tokens = format.lookUp(graph, weights.tokenEmbedding(), inputIds);
    Ref positions =
        graph
            .constant(FloatTensor.of(format.floats(), weights.positionEmbedding()))
            .rows(positionIds);
    Ref stream = tokens.plus(positions); // [batch, sequence, nEmbd]
    for (int i = 0; i < config.nLayer(); i++) {
      LayerWeights layer = weights.layers().get(i);
      stream = stream.plus(attention(i, layer, normed(stream, layer.attentionNorm())));
      stream = stream.plus(mlp(layer, normed(stream, layer.mlpNorm())));
    }
    Ref rows = normed(stream, weights.finalNorm()).reshaped("rows_of_batch", -1, config.nEmbd());
    Ref logits = format.score(graph, weights.head(), rows); // [batch * sequence, vocabSize]
    Ref shape =
        graph.add(
            Operator.CONCAT,
            List.of(
                graph.add(Operator.SHAPE, List.of(inputIds)),
                graph.constant("vocab_size", config.vocabSize())),
            Map.of("axis", 0));
    Ref shaped = graph.add(Operator.RESHAPE, List.of(logits, shape));
    graph.floatOutput(
        TensorNames.LOGITS, shaped, format.floats(), BATCH, SEQUENCE, config.vocabSize());
    return graph.build();
  }

  private Ref normed(Ref x, LayerWeights.Norm norm) {
    Ref weight = graph.constant(FloatTensor.of(format.floats(), norm.weight()));
    Ref bias = graph.constant(FloatTensor.of(format.floats(), norm.bias()));
    return graph.add(
        Operator.LAYER_NORMALIZATION,
        List.of(x, weight, bias),
        Map.of("axis", -1, "epsilon", config.layerNormEpsilon()));
  }

  private Ref attention(int index, LayerWeights layer, Ref x) {
    Ref qkv = format.project(graph, layer.qkv(), x); // [batch, sequence, 3 nEmbd]
    List<Ref> parts =
        graph.addAll(Operator.SPLIT, List.of(qkv), Map.of("axis", -1, "num_outputs", 3));
    Ref keys = cached(index, true, heads(parts.get(1)));
    Ref values = cached(index, false, heads(parts.get(2)));
    FloatType floats = format.floats();
    Ref scale = graph.scalar("attention_scale_" + index, config.attentionScale(index), floats);
    Ref queries = graph.add(Operator.MUL, List.of(heads(parts.get(0)), scale));
    Ref scores = queries.times(permuted(keys, 0, 1, 3, 2));
    // [batch, heads, sequence, past + sequence]
    Ref hidden = graph.scalar("hidden", -floats.maxValue(), floats);
    Ref seen = graph.add(Operator.WHERE, List.of(visible, scores, hidden));
    Ref shares = graph.add(Operator.SOFTMAX, List.of(seen), Map.of("axis", -1));
    Ref attended =
        permuted(shares.times(values), 0, 2, 1, 3).reshaped("joined_heads", 0, 0, config.nEmbd());
    return format.project(graph, layer.attentionOutput(), attended);
  }

  /** Reshapes [batch, sequence, nEmbd] to [batch, heads, sequence, headDim]. */
  private Ref heads(Ref x) {
    return permuted(x.reshaped("split_heads", 0, 0, config.nHead(), config.headDim()), 0, 2, 1, 3);
  }

  private Ref permuted(Ref x, Integer... order) {
    return graph.add(Operator.TRANSPOSE, List.of(x), Map.of("perm", List.of(order)));
  }

  /** Appends to the keys or values of the earlier positions, and returns all of them. */
  private Ref cached(int index, boolean key, Ref now) {
    String name = TensorNames.past(index, key);
    DataType type = format.floats().type();
    Ref past = graph.input(name, type, BATCH, config.nHead(), PAST, config.headDim());
    Ref all = graph.add(Operator.CONCAT, List.of(past, now), Map.of("axis", 2));
    graph.output(
        TensorNames.presentOf(name), all, type, BATCH, config.nHead(), TOTAL, config.headDim());
    return all;
  }

  private Ref mlp(LayerWeights layer, Ref x) {
    Ref inner = format.project(graph, layer.mlpInput(), x); // [batch, sequence, nInner]
    Ref active = ActivationNodes.standard(config.activation(), inner, format.floats());
    return format.project(graph, layer.mlpOutput(), active);
  }
}

package dev.polylm.export.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.polylm.PolyLmException;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.quantize.BlockFormat;
import dev.polylm.export.quantize.Hessian;
import dev.polylm.export.quantize.QuantizationPlan;
import dev.polylm.export.tensor.StoredTensor;
import dev.polylm.export.weights.ArrayTensor;
import dev.polylm.export.weights.Matrix;
import dev.polylm.export.weights.ModelWeights;
import dev.polylm.export.weights.RandomTensors;
import dev.polylm.export.weights.Vector;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GraphTest {
  private final GraphBuilder builder = new GraphBuilder("test");

  @Test
  void outputsTakeTheirNamesAndUnusedOnesAreLeftOut() {
    Ref x = builder.input("x", DataType.FLOAT, "rows", 4);
    List<Ref> normed =
        builder.addAll(
            Operator.SKIP_LAYER_NORMALIZATION, List.of(x, x, x, x), Map.of("epsilon", 1e-5f));
    builder.output("y", normed.get(0).plus(x), DataType.FLOAT, "rows", 4);

    List<NodeProto> nodes = builder.build().structure().getNodeList();

    assertThat(nodes.get(0).getOutputList()).containsExactly(normed.get(0).name());
    assertThat(nodes.get(1).getOutputList()).containsExactly("y");
    assertThat(nodes.get(1).getInputList()).containsExactly(normed.get(0).name(), "x");
  }

  @Test
  void operatorsAreCheckedWhenTheyAreAdded() {
    Ref x = builder.input("x", DataType.FLOAT, 4);

    assertThatThrownBy(() -> builder.add(Operator.ADD, List.of(x)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Add Add_0 has 1 inputs and 1 outputs, expected 2 and 1");
    assertThatThrownBy(() -> builder.add(Operator.GATHER, List.of(x, x)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Gather Gather_0 has attributes [], expected [axis]");
    assertThatThrownBy(() -> builder.add(Operator.GATHER, List.of(x, x), Map.of("axis", 1f)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Gather's attribute axis is 1.0, expected INT");
  }

  @Test
  void aTiedHeadIsStoredOnce() {
    Map<String, StoredTensor> tensors = RandomTensors.conv1d("");
    float[] embedding = ((ArrayTensor) tensors.get("wte.weight")).values();
    tensors.put("lm_head.weight", ArrayTensor.of("lm_head.weight", embedding.clone(), 40, 16));

    assertThat(tensorNames(true, tensors))
        .containsOnlyOnce("wte.weight")
        .doesNotContain("lm_head.weight");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anOwnHeadIsStoredBesideTheEmbedding(boolean tied) {
    Map<String, StoredTensor> tensors = RandomTensors.conv1d("");
    tensors.put("lm_head.weight", ArrayTensor.random("lm_head.weight", 40, 16));

    assertThat(tensorNames(tied, tensors)).containsOnlyOnce("wte.weight", "lm_head.weight");
  }

  /**
   * A Reshape of the table would be a copy of it that the runtime makes when it loads the graph.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aQuantizedHeadHasBlocksWithoutAReshapeOfItsWeights(boolean tied) {
    Map<String, StoredTensor> weights = RandomTensors.conv1d("");
    if (!tied) {
      weights.put("lm_head.weight", ArrayTensor.random("lm_head.weight", 40, 16));
    }
    ModelConfig config = RandomTensors.config(2, tied);
    try (Workers workers = new Workers(1);
        WeightFormat int8 =
            WeightFormat.quantized(QuantizationPlan.int8(16), Hessian.Source.NONE, workers)) {
      Graph graph = FusedGraph.of(config, ModelWeights.of(config, weights), int8);
      Map<String, ExternalTensor> tensors =
          graph.tensors().stream().collect(Collectors.toMap(ExternalTensor::name, t -> t));

      List<NodeProto> nodes = graph.structure().getNodeList();
      List<NodeProto> products =
          nodes.stream().filter(node -> node.getOpType().equals("MatMulNBits")).toList();
      ExternalTensor codes = tensors.get(products.get(products.size() - 1).getInput(1));

      assertThat(codes.storedAs()).isEqualTo(tied ? "wte.weight" : "lm_head.weight");
      assertThat(codes.shape()).containsExactly(40L, 1L, 16L);
      assertThat(nodes)
          .filteredOn(node -> node.getOpType().equals("Reshape"))
          .noneMatch(node -> tensors.containsKey(node.getInput(0)));
    }
  }

  @Test
  void bothLayoutsGiveTheSameGraph() {
    ModelConfig config = RandomTensors.config();
    Graph conv1d = graph(config, ModelWeights.of(config, RandomTensors.conv1d("")));
    Graph linear = graph(config, ModelWeights.of(config, RandomTensors.linear("")));

    assertThat(linear.structure()).isEqualTo(conv1d.structure());
    assertThat(linear.tensors())
        .extracting(ExternalTensor::shape)
        .isEqualTo(conv1d.tensors().stream().map(ExternalTensor::shape).toList());
  }

  @Test
  void aLayerIsElevenOperators() {
    ModelConfig config = RandomTensors.config();

    Map<String, Long> operators =
        graph(config, ModelWeights.of(config, RandomTensors.conv1d("")))
            .structure()
            .getNodeList()
            .stream()
            .collect(Collectors.groupingBy(NodeProto::getOpType, Collectors.counting()));

    assertThat(operators)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "MatMul", 2 * 4L + 1,
                "Add", 2 * 4L,
                "SkipLayerNormalization", 2 * 2L + 1,
                "GroupQueryAttention", 2L,
                "Gelu", 2L,
                "Gather", 3L,
                "Reshape", 1L,
                "Transpose", 2L));
  }

  @Test
  void aPortableMatrixOf4BitsHasAnEvenNumberOfOutputs() {
    Matrix odd = new Vector("h.0.mlp.c_fc.weight", ArrayTensor.random("w", 7)).asRow().transposed();
    try (Workers workers = new Workers(1);
        BlockQuantizer quantizer = new BlockQuantizer(Hessian.Source.NONE, workers)) {
      BlockFormat eightBits = new BlockFormat(8, 16, true);
      assertThat(new StandardMatrix(odd, eightBits, quantizer).codes().shape())
          .containsExactly(1L, 7L);

      assertThatThrownBy(() -> new StandardMatrix(odd, new BlockFormat(4, 16, true), quantizer))
          .isInstanceOf(PolyLmException.class)
          .hasMessage(
              "h.0.mlp.c_fc.weight has 7 outputs, expected an even number for 4 bits in a portable"
                  + " graph");
    }
  }

  private static List<String> tensorNames(boolean tied, Map<String, StoredTensor> tensors) {
    ModelConfig config = RandomTensors.config(2, tied);
    return graph(config, ModelWeights.of(config, tensors)).tensors().stream()
        .map(ExternalTensor::name)
        .toList();
  }

  private static Graph graph(ModelConfig config, ModelWeights weights) {
    return FusedGraph.of(config, weights, WeightFormat.float32());
  }
}

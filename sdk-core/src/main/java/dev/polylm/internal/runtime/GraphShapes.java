package dev.polylm.internal.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.polylm.PolyLmException;
import dev.polylm.internal.model.TensorNames;
import dev.polylm.model.GraphKind;
import dev.polylm.model.ModelDimensions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares the shapes that a graph declares with the sizes that its manifest states. */
final class GraphShapes {
  /** A size that is known only at run time. */
  private static final long ANY = -1;

  private final String graph;
  private final ModelDimensions dimensions;

  private GraphShapes(String graph, ModelDimensions dimensions) {
    this.graph = graph;
    this.dimensions = dimensions;
  }

  /**
   * Checks the vocabulary, the hidden size, and the number and width of heads in each layer.
   *
   * @throws PolyLmException if a size differs from the manifest's
   */
  static void check(String graph, OrtSession session, ModelDimensions dimensions, GraphKind kind)
      throws OrtException {
    new GraphShapes(graph, dimensions).check(session, kind);
  }

  private void check(OrtSession session, GraphKind kind) throws OrtException {
    Map<String, NodeInfo> inputs = session.getInputInfo();
    Map<String, NodeInfo> outputs = session.getOutputInfo();
    long vocabSize = dimensions.vocabSize();
    check(
        TensorNames.LOGITS,
        outputs,
        kind == GraphKind.FUSED ? shape(ANY, vocabSize) : shape(ANY, ANY, vocabSize));
    if (outputs.containsKey(TensorNames.LAST_HIDDEN_STATE)) {
      check(TensorNames.LAST_HIDDEN_STATE, outputs, shape(ANY, ANY, dimensions.hiddenSize()));
    }
    long[] cache = shape(ANY, dimensions.heads(), ANY, dimensions.headDim());
    for (int layer = 0; layer < dimensions.layers(); layer++) {
      for (boolean key : new boolean[] {true, false}) {
        check(TensorNames.past(layer, key), inputs, cache);
        check(TensorNames.present(layer, key), outputs, cache);
      }
    }
  }

  /**
   * Returns the inputs and outputs of each matrix that an adapter may change, by name. The graph
   * takes adapters.
   *
   * @throws PolyLmException if the two factors of a matrix have other sizes than its product needs
   */
  static Map<String, int[]> ofAdapters(
      String graph, OrtSession session, ModelDimensions dimensions, boolean head)
      throws OrtException {
    GraphShapes shapes = new GraphShapes(graph, dimensions);
    Map<String, NodeInfo> inputs = session.getInputInfo();
    int width = dimensions.hiddenSize();
    Map<String, int[]> sizes = new LinkedHashMap<>();
    for (String name : TensorNames.adapted(dimensions.layers())) {
      int inner = shapes.inner(inputs, name);
      int in = name.endsWith("mlp.c_proj") ? inner : width;
      int out =
          name.endsWith("mlp.c_fc") ? inner : name.endsWith("attn.c_attn") ? 3 * width : width;
      shapes.check(TensorNames.loraA(name), inputs, shape(ANY, in, ANY));
      shapes.check(TensorNames.loraB(name), inputs, shape(ANY, ANY, out));
      sizes.put(name, new int[] {in, out});
    }
    if (head) {
      int[] size = {width, dimensions.vocabSize()};
      shapes.check(TensorNames.loraA(TensorNames.HEAD), inputs, shape(ANY, size[0], ANY));
      shapes.check(TensorNames.loraB(TensorNames.HEAD), inputs, shape(ANY, ANY, size[1]));
      sizes.put(TensorNames.HEAD, size);
    }
    return sizes;
  }

  /** Returns the width of the feed-forward layer, which only the adapters' inputs tell. */
  private int inner(Map<String, NodeInfo> inputs, String name) {
    String layer = name.substring(0, name.indexOf('.', 2));
    long[] found = shapeOf(inputs.get(TensorNames.loraA(layer + ".mlp.c_proj")));
    if (found.length != 3 || found[1] < 1) {
      throw new PolyLmException(
          "%s: the inputs of %s's adapters have shape %s, expected three sizes"
              .formatted(graph, layer, Arrays.toString(found)));
    }
    return Math.toIntExact(found[1]);
  }

  private static long[] shape(long... sizes) {
    return sizes;
  }

  private void check(String name, Map<String, NodeInfo> nodes, long[] expected) {
    long[] found = shapeOf(nodes.get(name));
    if (!Arrays.equals(found, expected)) {
      throw new PolyLmException(
          "%s: %s has shape %s, expected %s from the sizes in the manifest (-1 is any size)"
              .formatted(graph, name, Arrays.toString(found), Arrays.toString(expected)));
    }
  }

  private static long[] shapeOf(@Nullable NodeInfo node) {
    return node != null && node.getInfo() instanceof TensorInfo tensor
        ? tensor.getShape()
        : new long[0];
  }
}

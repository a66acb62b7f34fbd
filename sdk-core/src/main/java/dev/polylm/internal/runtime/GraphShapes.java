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
import java.util.Map;

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

  private static long[] shape(long... sizes) {
    return sizes;
  }

  private void check(String name, Map<String, NodeInfo> nodes, long[] expected) {
    NodeInfo node = nodes.get(name);
    long[] found =
        node != null && node.getInfo() instanceof TensorInfo tensor
            ? tensor.getShape()
            : new long[0];
    if (!Arrays.equals(found, expected)) {
      throw new PolyLmException(
          "%s: %s has shape %s, expected %s from the sizes in the manifest (-1 is any size)"
              .formatted(graph, name, Arrays.toString(found), Arrays.toString(expected)));
    }
  }
}

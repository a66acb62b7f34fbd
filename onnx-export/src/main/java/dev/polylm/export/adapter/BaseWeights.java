package dev.polylm.export.adapter;

import dev.polylm.PolyLmException;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.tensor.StoredTensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the tensors that an adapter changes. */
final class BaseWeights {
  private static final String PREFIX = "transformer.";
  private static final String HEAD = AdapterTensors.HEAD + ".weight";

  private final ModelConfig config;
  private final Map<String, StoredTensor> tensors;

  BaseWeights(ModelConfig config, Map<String, StoredTensor> tensors) {
    this.config = config;
    this.tensors = tensors;
  }

  /**
   * A weight to change.
   *
   * @param name in the checkpoint
   * @param outputsFirst stored [out, in], otherwise [in, out]
   */
  record Weight(String name, StoredTensor tensor, boolean outputsFirst) {
    long in() {
      return tensor.shape().get(outputsFirst ? 1 : 0);
    }

    long out() {
      return tensor.shape().get(outputsFirst ? 0 : 1);
    }
  }

  /**
   * Returns the weight of a module.
   *
   * @param replacement takes its place, if there is one
   */
  Weight of(String module, @Nullable StoredTensor replacement) {
    String name = module + ".weight";
    StoredTensor stored = find(name);
    if (stored.shape().size() != 2) {
      throw wrongShape(stored, "two dimensions");
    }
    return new Weight(
        nameOf(name),
        replacement == null ? stored : replacing(name, replacement),
        name.equals(HEAD) || isLinear());
  }

  /** Returns a tensor that replaces the checkpoint's, after checking that it has the same shape. */
  StoredTensor replacing(String name, StoredTensor replacement) {
    List<Long> shape = find(name).shape();
    if (!replacement.shape().equals(shape)) {
      throw wrongShape(replacement, shape.toString());
    }
    return replacement;
  }

  private static PolyLmException wrongShape(StoredTensor tensor, String expected) {
    return new PolyLmException(
        "%s: tensor %s has shape %s, expected %s"
            .formatted(tensor.file(), tensor.name(), tensor.shape(), expected));
  }

  /** Returns whether the layers' matrices are torch.nn.Linear's; a head always is. */
  private boolean isLinear() {
    long width = config.nEmbd();
    return find("h.0.attn.c_attn.weight").shape().equals(List.of(3 * width, width));
  }

  /** Returns the name that the checkpoint has, or would have, for a tensor. */
  String nameOf(String name) {
    return name.equals(HEAD) ? HEAD : find(name).name();
  }

  /** Returns the embedding, which is also the head if the two are tied. */
  StoredTensor embedding() {
    return find("wte.weight");
  }

  private StoredTensor find(String name) {
    String bare = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    StoredTensor tensor = tensors.getOrDefault(PREFIX + bare, tensors.get(bare));
    if (tensor == null && name.equals(HEAD) && config.tieWordEmbeddings()) {
      return embedding();
    }
    if (tensor == null) {
      throw new PolyLmException(
          "the adapter changes %s, which the checkpoint does not have; is it an adapter of another model?"
              .formatted(name));
    }
    return tensor;
  }
}

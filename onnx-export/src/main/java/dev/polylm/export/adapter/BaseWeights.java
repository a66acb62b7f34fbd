package dev.polylm.export.adapter;

import dev.polylm.PolyLmException;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.tensor.StoredTensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the weights that an adapter's modules change. */
final class BaseWeights {
  private static final String PREFIX = "transformer.";
  private static final String HEAD = "lm_head.weight";

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
   * The weight of a module.
   *
   * @param replacement takes its place, where there is one
   */
  Weight of(String module, @Nullable StoredTensor replacement) {
    String name = module + ".weight";
    StoredTensor stored =
        name.equals(HEAD) && config.tieWordEmbeddings() ? find("wte.weight") : find(name);
    if (stored.shape().size() != 2) {
      throw wrongShape(stored, "two dimensions");
    }
    if (replacement != null && !replacement.shape().equals(stored.shape())) {
      throw wrongShape(replacement, stored.shape().toString());
    }
    return new Weight(
        name.equals(HEAD) ? HEAD : stored.name(),
        replacement == null ? stored : replacement,
        name.equals(HEAD) || isLinear());
  }

  private static PolyLmException wrongShape(StoredTensor tensor, String expected) {
    return new PolyLmException(
        "%s: tensor %s has shape %s, expected %s"
            .formatted(tensor.file(), tensor.name(), tensor.shape(), expected));
  }

  /** The layers' matrices are torch.nn.Linear's; a head always is. */
  private boolean isLinear() {
    long width = config.nEmbd();
    return find("h.0.attn.c_attn.weight").shape().equals(List.of(3 * width, width));
  }

  private StoredTensor find(String name) {
    String bare = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    StoredTensor tensor = tensors.getOrDefault(PREFIX + bare, tensors.get(bare));
    if (tensor == null) {
      throw new PolyLmException(
          "the adapter changes %s, which the checkpoint has not; is it another model's?"
              .formatted(name));
    }
    return tensor;
  }
}

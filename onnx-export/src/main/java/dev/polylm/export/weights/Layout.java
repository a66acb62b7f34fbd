package dev.polylm.export.weights;

import dev.polylm.PolyLmException;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.tensor.StoredTensor;
import java.util.List;

/** How a checkpoint stores the weight of a projection. */
enum Layout {
  /** GPT-2's {@code Conv1D}: [in, out]. */
  CONV1D,
  /** {@code torch.nn.Linear}: [out, in]. */
  LINEAR;

  /**
   * Finds the layout from the shape of the first c_attn, which is never square. A square projection
   * can't show it.
   */
  static Layout of(ModelConfig config, NamedTensors tensors) {
    List<Long> conv1d = List.of((long) config.nEmbd(), 3L * config.nEmbd());
    List<Long> linear = List.of(3L * config.nEmbd(), (long) config.nEmbd());
    StoredTensor weight = tensors.get("h.0.attn.c_attn.weight", conv1d + " or " + linear);
    if (weight.shape().equals(conv1d)) {
      return CONV1D;
    }
    if (weight.shape().equals(linear)) {
      return LINEAR;
    }
    throw new PolyLmException(
        "%s: tensor %s has shape %s, expected %s or %s"
            .formatted(weight.file(), weight.name(), weight.shape(), conv1d, linear));
  }

  /** Takes the weight of a projection as [out, in], however it is stored. */
  Matrix take(NamedTensors tensors, String name, long in, long out) {
    return this == CONV1D
        ? tensors.matrix(name, in, out).transposed()
        : tensors.matrix(name, out, in);
  }

  /** Returns the weight of a c_attn whose outputs are grouped by heads. */
  StoredTensor deinterleaved(StoredTensor weight, int heads) {
    return new DeinterleavedTensor(weight, heads, this == CONV1D ? 1 : 0);
  }
}

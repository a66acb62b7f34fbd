package dev.polylm.export.weights;

import dev.polylm.export.checkpoint.Activation;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.tensor.StoredTensor;
import java.util.Map;
import java.util.TreeMap;

/** The tensors of a small model with random weights, by the names a checkpoint gives them. */
public final class RandomTensors {
  private final Map<String, StoredTensor> tensors = new TreeMap<>();
  private final String prefix;

  private RandomTensors(String prefix) {
    this.prefix = prefix;
  }

  /** Two layers of width 16 with two heads, feed-forward width 24, 40 ids, 12 positions. */
  public static ModelConfig config() {
    return config(2, true);
  }

  public static ModelConfig config(int heads, boolean tied) {
    return new ModelConfig(40, 12, 16, 2, heads, 24, Activation.GELU_ERF, 1e-5f, true, false, tied);
  }

  /** All tensors of {@link #config}, projections as Conv1D stores them. */
  public static Map<String, StoredTensor> conv1d(String prefix) {
    return new RandomTensors(prefix).build(false);
  }

  /** The same, projections as Linear stores them. */
  public static Map<String, StoredTensor> linear(String prefix) {
    return new RandomTensors(prefix).build(true);
  }

  private Map<String, StoredTensor> build(boolean linear) {
    add("wte.weight", 40, 16);
    add("wpe.weight", 12, 16);
    norm("ln_f");
    for (String layer : new String[] {"h.0.", "h.1."}) {
      norm(layer + "ln_1");
      norm(layer + "ln_2");
      projection(layer + "attn.c_attn", 16, 48, linear);
      projection(layer + "attn.c_proj", 16, 16, linear);
      projection(layer + "mlp.c_fc", 16, 24, linear);
      projection(layer + "mlp.c_proj", 24, 16, linear);
    }
    return tensors;
  }

  private void norm(String at) {
    add(at + ".weight", 16);
    add(at + ".bias", 16);
  }

  private void projection(String at, long in, long out, boolean linear) {
    add(at + ".weight", linear ? out : in, linear ? in : out);
    add(at + ".bias", out);
  }

  private void add(String name, long... shape) {
    tensors.put(prefix + name, ArrayTensor.random(prefix + name, shape));
  }
}

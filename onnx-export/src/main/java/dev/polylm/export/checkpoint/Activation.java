package dev.polylm.export.checkpoint;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The activation of the feed-forward layers, from config.json's {@code activation_function}. */
public enum Activation {
  /** x / 2 * (1 + erf(x / sqrt(2))). */
  GELU_ERF("gelu", "gelu_python"),
  /** x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))). */
  GELU_TANH("gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_accurate"),
  /** x * sigmoid(1.702 x). */
  GELU_SIGMOID("quick_gelu"),
  /** x * sigmoid(x). */
  SILU("silu", "swish"),
  /** max(x, 0). */
  RELU("relu"),
  /** max(x, 0)^2. */
  RELU_SQUARED("relu2"),
  TANH("tanh"),
  SIGMOID("sigmoid");

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> names;

  Activation(String... names) {
    this.names = List.of(names);
  }

  /**
   * Returns the activation of a name.
   *
   * @param name a name in ACT2FN of transformers 5.17
   */
  static Optional<Activation> named(String name) {
    return Stream.of(values()).filter(activation -> activation.names.contains(name)).findAny();
  }

  /** Returns all names, sorted. */
  static List<String> allNames() {
    return Stream.of(values()).flatMap(activation -> activation.names.stream()).sorted().toList();
  }
}

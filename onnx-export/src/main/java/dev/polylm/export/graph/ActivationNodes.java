package dev.polylm.export.graph;

import dev.polylm.export.checkpoint.Activation;
import java.util.List;
import java.util.Map;

/** Builds the activation of the feed-forward layers from operators. */
final class ActivationNodes {
  /** Follows transformers' QuickGELUActivation. */
  private static final float QUICK_GELU_ALPHA = 1.702f;

  private ActivationNodes() {}

  /** Uses ONNX Runtime's own operator for an activation, if it has one. */
  static Ref fused(Activation activation, Ref x) {
    return switch (activation) {
      case GELU_ERF -> one(Operator.GELU, x);
      case GELU_TANH -> one(Operator.FAST_GELU, x);
      case GELU_SIGMOID -> quickGelu(x, QUICK_GELU_ALPHA);
      case SILU -> quickGelu(x, 1);
      case RELU, RELU_SQUARED, TANH, SIGMOID -> plain(activation, x);
    };
  }

  /** Uses only the standard's operators. */
  static Ref standard(Activation activation, Ref x, FloatType floats) {
    return switch (activation) {
      case GELU_ERF -> gelu(x, "none");
      case GELU_TANH -> gelu(x, "tanh");
      case GELU_SIGMOID -> {
        Ref alpha = x.graph().scalar("quick_gelu_alpha", QUICK_GELU_ALPHA, floats);
        yield product(x, one(Operator.SIGMOID, product(x, alpha)));
      }
      case SILU -> product(x, one(Operator.SIGMOID, x));
      case RELU, RELU_SQUARED, TANH, SIGMOID -> plain(activation, x);
    };
  }

  private static Ref plain(Activation activation, Ref x) {
    return switch (activation) {
      case TANH -> one(Operator.TANH, x);
      case SIGMOID -> one(Operator.SIGMOID, x);
      case RELU_SQUARED -> {
        Ref positive = one(Operator.RELU, x);
        yield product(positive, positive);
      }
      default -> one(Operator.RELU, x);
    };
  }

  private static Ref one(Operator operator, Ref x) {
    return x.graph().add(operator, List.of(x));
  }

  private static Ref product(Ref a, Ref b) {
    return a.graph().add(Operator.MUL, List.of(a, b));
  }

  private static Ref quickGelu(Ref x, float alpha) {
    return x.graph().add(Operator.QUICK_GELU, List.of(x), Map.of("alpha", alpha));
  }

  private static Ref gelu(Ref x, String approximate) {
    return x.graph().add(Operator.STANDARD_GELU, List.of(x), Map.of("approximate", approximate));
  }
}

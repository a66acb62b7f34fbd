package dev.polylm.export.reference;

import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.parallel.Workers;

/**
 * The activations of some token sequences on their way through the layers.
 *
 * <p>The formulas are those of GPT-2 with the norm before each half of a block, x +
 * attention(norm(x)) and x + mlp(norm(x)), as {@code modeling_gpt2.py} of transformers 5.17
 * computes them.
 */
final class ForwardPass {
  private final ModelConfig config;
  private final Workers workers;
  private final MatrixProduct product;
  private final ActivationObserver observer;
  private final int[] starts;
  private final float[][] residual; // [tokens][nEmbd]
  private final float[][] branch; // [tokens][nEmbd]
  private final float[][] qkv; // [tokens][3 nEmbd]
  private final float[][] inner; // [tokens][nInner]

  /**
   * @param embedded [tokens][nEmbd], embeddings of tokens and positions added; becomes the pass's
   * @param starts first token of each sequence, and the number of tokens at the end
   */
  ForwardPass(
      ModelConfig config,
      Workers workers,
      ActivationObserver observer,
      float[][] embedded,
      int[] starts) {
    this.config = config;
    this.workers = workers;
    this.product = new MatrixProduct(workers);
    this.observer = observer;
    this.starts = starts;
    this.residual = embedded;
    this.branch = new float[embedded.length][config.nEmbd()];
    this.qkv = new float[embedded.length][3 * config.nEmbd()];
    this.inner = new float[embedded.length][config.nInner()];
  }

  /** Takes the activations through a block. */
  void layer(int layer, LayerParameters parameters) {
    norm(parameters.attentionNorm());
    project(Projection.ATTENTION_INPUT, layer, branch, parameters.attentionInput(), qkv);
    observer.onQueriesKeysValues(layer, qkv);
    new CausalAttention(config.nHead(), config.headDim(), workers)
        .attend(qkv, starts, config.attentionScale(layer), branch);
    addToResidual(Projection.ATTENTION_OUTPUT, layer, branch, parameters.attentionOutput());
    norm(parameters.mlpNorm());
    project(Projection.MLP_INPUT, layer, branch, parameters.mlpInput(), inner);
    workers.forEach(inner.length, t -> Elementwise.activate(config.activation(), inner[t]));
    addToResidual(Projection.MLP_OUTPUT, layer, inner, parameters.mlpOutput());
  }

  /** The activations after the last norm, [tokens][nEmbd]. */
  float[][] finish(LayerParameters.Norm finalNorm) {
    norm(finalNorm);
    observer.onProjectionInput(Projection.HEAD, config.nLayer(), branch);
    return branch;
  }

  private void norm(LayerParameters.Norm norm) {
    for (int t = 0; t < residual.length; t++) {
      Elementwise.layerNorm(
          residual[t], branch[t], norm.weight(), norm.bias(), config.layerNormEpsilon());
    }
  }

  private void project(
      Projection projection,
      int layer,
      float[][] rows,
      LayerParameters.Affine affine,
      float[][] result) {
    observer.onProjectionInput(projection, layer, rows);
    product.multiply(rows, affine.weights(), affine.bias(), result);
  }

  private void addToResidual(
      Projection projection, int layer, float[][] rows, LayerParameters.Affine affine) {
    float[][] result = new float[rows.length][config.nEmbd()];
    project(projection, layer, rows, affine, result);
    for (int t = 0; t < result.length; t++) {
      Elementwise.add(residual[t], result[t]);
    }
  }
}

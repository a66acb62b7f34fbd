package dev.polylm.export.reference;

import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.reference.ActivationObserver.ProjectionKind;

/**
 * Takes the activations of some token sequences through the layers.
 *
 * <p>The formulas are GPT-2's, with the norm before each half of a block: x + attention(norm(x))
 * and x + mlp(norm(x)), as {@code modeling_gpt2.py} of transformers 5.17 computes them.
 */
final class ForwardPass {
  private final Context context;
  private final ModelConfig config;
  private final Workers workers;
  private final ActivationObserver observer;
  private final int[] starts;
  private final float[][] residual; // [tokens][nEmbd]

  /**
   * @param embedded [tokens][nEmbd], embeddings of tokens and positions added; the pass overwrites
   *     it
   * @param starts the first token of each sequence, followed by the number of tokens
   */
  ForwardPass(Context context, float[][] embedded, int[] starts) {
    this.context = context;
    this.config = context.config();
    this.workers = context.workers();
    this.observer = context.observer();
    this.starts = starts;
    this.residual = embedded;
  }

  /** Takes the activations through a block. */
  void layer(int layer, LayerParameters parameters) {
    float[][] branch = norm(parameters.attentionNorm());
    float[][] qkv =
        project(ProjectionKind.ATTENTION_INPUT, layer, branch, parameters.attentionInput());
    for (int t = context.interleavedFrom(); t < qkv.length; t++) {
      qkv[t] = Elementwise.grouped(qkv[t], config.nHead(), config.headDim());
    }
    observer.onQueriesKeysValues(layer, qkv);
    new CausalAttention(config.nHead(), config.headDim(), workers)
        .attend(qkv, starts, config.attentionScale(layer), branch);
    addToResidual(ProjectionKind.ATTENTION_OUTPUT, layer, branch, parameters.attentionOutput());
    float[][] inner =
        project(ProjectionKind.MLP_INPUT, layer, norm(parameters.mlpNorm()), parameters.mlpInput());
    workers.forEach(inner.length, t -> Elementwise.activate(config.activation(), inner[t]));
    addToResidual(ProjectionKind.MLP_OUTPUT, layer, inner, parameters.mlpOutput());
  }

  /** Returns the activations after the last norm, [tokens][nEmbd]. */
  float[][] finish(LayerParameters.Norm finalNorm) {
    float[][] normed = norm(finalNorm);
    observer.onProjectionInput(ProjectionKind.HEAD, config.nLayer(), normed);
    return normed;
  }

  /** Returns the normed residual stream, [tokens][nEmbd]. */
  private float[][] norm(LayerParameters.Norm norm) {
    float[][] normed = new float[residual.length][config.nEmbd()];
    for (int t = 0; t < residual.length; t++) {
      Elementwise.layerNorm(
          residual[t], normed[t], norm.weight(), norm.bias(), config.layerNormEpsilon());
    }
    return normed;
  }

  private float[][] project(
      ProjectionKind projection, int layer, float[][] rows, LayerParameters.Affine affine) {
    observer.onProjectionInput(projection, layer, rows);
    float[][] result = new float[rows.length][affine.weights().outputs()];
    context.product().multiply(rows, affine.weights(), affine.bias(), result);
    return result;
  }

  private void addToResidual(
      ProjectionKind projection, int layer, float[][] rows, LayerParameters.Affine affine) {
    float[][] result = project(projection, layer, rows, affine);
    for (int t = 0; t < result.length; t++) {
      Elementwise.add(residual[t], result[t]);
    }
  }

  /**
   * The data that the chunks of a pass share.
   *
   * @param interleavedFrom the first token of a chunk for which the outputs of c_attn are [heads,
   *     3, headDim], not [3, heads, headDim]
   */
  record Context(
      ModelConfig config,
      int interleavedFrom,
      Workers workers,
      MatrixProduct product,
      ActivationObserver observer) {}
}

package dev.polylm.export.checkpoint;

/**
 * The model's settings in config.json, with Hugging Face's defaults for absent keys.
 *
 * @param vocabSize rows of the embedding
 * @param nPositions positions the model was trained for
 * @param nEmbd width of the residual stream
 * @param nLayer transformer blocks
 * @param nHead attention heads; divides nEmbd
 * @param nInner width of the feed-forward layer, 4 nEmbd if the file says null
 * @param activation the feed-forward layer's activation
 * @param layerNormEpsilon added to the variance in every layer norm
 * @param scaleAttnWeights whether attention scores are divided by sqrt(headDim)
 * @param scaleAttnByInverseLayerIdx whether attention scores are also divided by the layer's number
 *     from 1
 * @param tieWordEmbeddings whether the output head is the embedding
 */
public record ModelConfig(
    int vocabSize,
    int nPositions,
    int nEmbd,
    int nLayer,
    int nHead,
    int nInner,
    Activation activation,
    float layerNormEpsilon,
    boolean scaleAttnWeights,
    boolean scaleAttnByInverseLayerIdx,
    boolean tieWordEmbeddings) {

  /** Returns the width of a head. */
  public int headDim() {
    return nEmbd / nHead;
  }

  /** Returns how many weights the matrices of all layers have. */
  public long layerWeights() {
    long width = nEmbd;
    return nLayer * width * (4 * width + 2L * nInner);
  }

  /** Returns the factor of a layer's attention scores; layers are counted from 0. */
  public float attentionScale(int layer) {
    double scale = scaleAttnWeights ? 1 / Math.sqrt(headDim()) : 1;
    return (float) (scaleAttnByInverseLayerIdx ? scale / (layer + 1) : scale);
  }
}

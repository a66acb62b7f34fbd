package dev.polylm.export.checkpoint;

/**
 * What config.json says of the model, with Hugging Face's defaults where it is silent.
 *
 * @param vocabSize rows of the embedding
 * @param nPositions positions the model was trained for
 * @param nEmbd width of the residual stream
 * @param nLayer transformer blocks
 * @param nHead attention heads; divides nEmbd
 * @param nInner width of the feed-forward layer, 4 nEmbd where the file says null
 * @param activation the feed-forward layer's activation
 * @param layerNormEpsilon added to the variance in every layer norm
 * @param scaleAttnWeights attention scores are divided by sqrt(headDim)
 * @param scaleAttnByInverseLayerIdx attention scores are also divided by the layer's number from 1
 * @param tieWordEmbeddings the output head is the embedding
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

  /** Width of a head. */
  public int headDim() {
    return nEmbd / nHead;
  }

  /** The weights in the matrices of all layers. */
  public long layerWeights() {
    long width = nEmbd;
    return nLayer * width * (4 * width + 2L * nInner);
  }

  /** What the attention scores of a layer, counted from 0, are multiplied with. */
  public float attentionScale(int layer) {
    double scale = scaleAttnWeights ? 1 / Math.sqrt(headDim()) : 1;
    return (float) (scaleAttnByInverseLayerIdx ? scale / (layer + 1) : scale);
  }
}

package dev.polylm.export.weights;

/**
 * The weights of a transformer block, in the order in which the data passes them.
 *
 * @param attentionNorm {@code ln_1}
 * @param qkv {@code attn.c_attn}, [3 nEmbd, nEmbd]: the rows of Q, then of K, then of V
 * @param attentionOutput {@code attn.c_proj}, [nEmbd, nEmbd]
 * @param mlpNorm {@code ln_2}
 * @param mlpInput {@code mlp.c_fc}, [nInner, nEmbd]
 * @param mlpOutput {@code mlp.c_proj}, [nEmbd, nInner]
 */
public record LayerWeights(
    LayerNorm attentionNorm,
    Projection qkv,
    Projection attentionOutput,
    LayerNorm mlpNorm,
    Projection mlpInput,
    Projection mlpOutput) {}

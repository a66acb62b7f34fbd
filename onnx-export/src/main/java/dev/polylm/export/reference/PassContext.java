package dev.polylm.export.reference;

import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.parallel.Workers;

/**
 * What the chunks of a pass share.
 *
 * @param interleavedQkv the outputs of c_attn are [heads, 3, headDim], not [3, heads, headDim]
 */
record PassContext(
    ModelConfig config,
    boolean interleavedQkv,
    Workers workers,
    MatrixProduct product,
    ActivationObserver observer) {}

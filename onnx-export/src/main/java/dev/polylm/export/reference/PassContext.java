package dev.polylm.export.reference;

import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.parallel.Workers;

/**
 * The data that the chunks of a pass share.
 *
 * @param interleavedFrom the first token of a chunk for which the outputs of c_attn are [heads, 3,
 *     headDim], not [3, heads, headDim]
 */
record PassContext(
    ModelConfig config,
    int interleavedFrom,
    Workers workers,
    MatrixProduct product,
    ActivationObserver observer) {}

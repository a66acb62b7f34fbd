/**
 * An fp32 forward pass in plain Java that reads the checkpoint's tensors itself.
 *
 * <p>It shares neither names nor layouts with the code that writes the graph, so that it can check
 * the graph. {@link dev.polylm.export.reference.ReferenceModel} finds and checks the tensors and
 * takes token sequences through the layers. An {@link
 * dev.polylm.export.reference.ActivationObserver} sees the input of each projection.
 *
 * <p>Memory: weights are read in tiles of 1 MiB a thread, and a product's results are as wide as a
 * tile for all tokens. Only two things grow with the model. The activations take nEmbd floats a
 * token, and (8 nEmbd + nInner) for each of 512 tokens. The logits take as many rows as a caller
 * asks for.
 */
@NullMarked
package dev.polylm.export.reference;

import org.jspecify.annotations.NullMarked;

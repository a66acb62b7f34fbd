/**
 * An fp32 forward pass in plain Java that reads the checkpoint's tensors itself.
 *
 * <p>It shares nothing with the code that writes the graph, neither names nor layouts, so that it
 * can be held against the graph: {@link dev.polylm.export.reference.ReferenceModel} finds and
 * checks the tensors and takes token sequences through the layers; an {@link
 * dev.polylm.export.reference.ActivationObserver} sees what goes into each projection.
 *
 * <p>Memory: weights are read in tiles, 1 MiB a thread and results as wide as a tile for all tokens
 * of a product; what grows with the model are the activations, nEmbd floats a token and (8 nEmbd +
 * nInner) for each of 512 tokens, and the rows of logits that a caller asks for.
 */
@NullMarked
package dev.polylm.export.reference;

import org.jspecify.annotations.NullMarked;

/**
 * Holds an exported graph against its checkpoint.
 *
 * <p>{@link dev.polylm.export.verify.Verifier} takes a few token sequences through the plain Java
 * pass of {@code reference}, which reads the checkpoint itself, and through the exported graph on
 * ONNX Runtime, and compares the logits: {@link dev.polylm.export.Verification} says how far they
 * are apart, {@link dev.polylm.export.verify.Limits} how far they may be.
 *
 * <p>Memory: the pass reads weights in tiles, and the graph is run in slices of 256 MB of weights,
 * all sequences through one slice before the next is loaded; a multiplication with more weights is
 * done in parts. So neither a model nor its largest matrix need fit into memory to be verified.
 */
@NullMarked
package dev.polylm.export.verify;

import org.jspecify.annotations.NullMarked;

/**
 * Holds an exported graph against its checkpoint.
 *
 * <p>{@link dev.polylm.export.verify.Verifier} takes a few token sequences through the plain Java
 * pass of {@code reference}, which reads the checkpoint itself, and through the exported graph on
 * ONNX Runtime, and compares the logits: {@link dev.polylm.export.verify.Verification} says how far
 * they are apart, {@link dev.polylm.export.verify.Limits} how far they may be.
 *
 * <p>Memory: the pass reads weights in tiles, and the graph is run in slices of some hundred
 * megabytes of weights, all sequences through one slice before the next is loaded. So a model need
 * not fit into memory to be verified; a single operator's weights must.
 */
@NullMarked
package dev.polylm.export.verify;

import org.jspecify.annotations.NullMarked;

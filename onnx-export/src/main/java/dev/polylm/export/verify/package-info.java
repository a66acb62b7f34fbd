/**
 * Compares an exported graph with its checkpoint.
 *
 * <p>{@link dev.polylm.export.verify.Verifier} runs a few token sequences twice: through the plain
 * Java pass of {@code reference}, which reads the checkpoint itself, and through the exported graph
 * on ONNX Runtime. Then it compares the logits. {@link dev.polylm.export.Verification} says how far
 * they differ, {@link dev.polylm.export.verify.Limits} how far they may differ.
 *
 * <p>Memory: the pass reads weights in tiles. The graph runs in slices of 256 MB of weights, and
 * all sequences pass through one slice before the next is loaded. A multiplication with more
 * weights runs in parts. So neither a model nor its largest matrix must fit into memory to be
 * verified.
 */
@NullMarked
package dev.polylm.export.verify;

import org.jspecify.annotations.NullMarked;

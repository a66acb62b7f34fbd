/**
 * The model's weights by their place in the architecture, independent of the checkpoint's names and
 * layout.
 *
 * <p>{@link dev.polylm.export.weights.ModelWeights#of} finds each tensor by name, compares its
 * shape and type with the configuration, and refuses what is missing or unknown. Nothing is read
 * before {@link dev.polylm.export.weights.Matrix#read} asks for a window.
 *
 * <p>Trap: GPT-2's {@code Conv1D} stores projections as [in, out], {@code torch.nn.Linear} as [out,
 * in], and both occur under the same names. A {@link
 * dev.polylm.export.weights.LayerWeights.Projection} is always [out, in], its {@link
 * dev.polylm.export.weights.Matrix#transposed} the other.
 */
@NullMarked
package dev.polylm.export.weights;

import org.jspecify.annotations.NullMarked;

/**
 * Tensors as a checkpoint stores them, read a window at a time.
 *
 * <p>A {@link dev.polylm.export.tensor.WeightFile} gives bytes at any position, a {@link
 * dev.polylm.export.tensor.FileTensor} reads them as floats, and a {@link
 * dev.polylm.export.tensor.TransposedTensor} reorders them. Converters use only {@link
 * dev.polylm.export.tensor.StoredTensor}. Read some hundred thousand elements at a time, since each
 * call costs a system call.
 */
@NullMarked
package dev.polylm.export.tensor;

import org.jspecify.annotations.NullMarked;

/** Tensors as a checkpoint stores them, read a window at a time. */
@NullMarked
package dev.polylm.export.tensor;

import org.jspecify.annotations.NullMarked;

/** The folder of an exported model, or the model on the class path. */
@NullMarked
package dev.polylm.internal.model;

import org.jspecify.annotations.NullMarked;

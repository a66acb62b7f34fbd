/** The interface for your own logits processors, and the types of its parameters. */
@NullMarked
package dev.polylm.logits;

import org.jspecify.annotations.NullMarked;

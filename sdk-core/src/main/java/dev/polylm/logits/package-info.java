/** The interface for logits processors of one's own, and what it is given. */
@NullMarked
package dev.polylm.logits;

import org.jspecify.annotations.NullMarked;

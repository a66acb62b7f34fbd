/** Exports polylm-tiny in the build. The artifact holds only the model, not this code. */
@NullMarked
package dev.polylm.tiny;

import org.jspecify.annotations.NullMarked;

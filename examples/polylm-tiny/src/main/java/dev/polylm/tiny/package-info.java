/** Exports polylm-tiny in the build; not part of the artifact, which holds the model alone. */
@NullMarked
package dev.polylm.tiny;

import org.jspecify.annotations.NullMarked;

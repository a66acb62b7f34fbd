/** Reads untrusted JSON files within bounds. */
@NullMarked
package dev.polylm.export.untrusted;

import org.jspecify.annotations.NullMarked;

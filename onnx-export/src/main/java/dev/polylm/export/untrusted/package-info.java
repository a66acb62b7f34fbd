/** What strangers' files say: JSON read within bounds, and texts that a message may show. */
@NullMarked
package dev.polylm.export.untrusted;

import org.jspecify.annotations.NullMarked;

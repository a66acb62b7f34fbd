/** What strangers' files say: JSON read within bounds. */
@NullMarked
package dev.polylm.export.untrusted;

import org.jspecify.annotations.NullMarked;

/** Spreads work over the machine's cores. */
@NullMarked
package dev.polylm.export.parallel;

import org.jspecify.annotations.NullMarked;

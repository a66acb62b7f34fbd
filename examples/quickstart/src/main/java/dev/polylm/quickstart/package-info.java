/** The ten lines of the README. */
@NullMarked
package dev.polylm.quickstart;

import org.jspecify.annotations.NullMarked;

/** Logging through SLF4J, without a word from SLF4J itself if it has nothing to log to. */
@NullMarked
package dev.polylm.internal.log;

import org.jspecify.annotations.NullMarked;

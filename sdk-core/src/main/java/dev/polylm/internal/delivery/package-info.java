/** Delivers the answer of a request to its caller: as a result, a handle, a stream, a publisher. */
@NullMarked
package dev.polylm.internal.delivery;

import org.jspecify.annotations.NullMarked;

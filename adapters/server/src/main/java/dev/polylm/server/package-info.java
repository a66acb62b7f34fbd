/**
 * polylm-jakarta on an embedded runtime: RESTEasy on Undertow, with beans by Weld and configuration
 * by SmallRye Config.
 *
 * <p>{@link dev.polylm.server.PolyLmServer} starts the parts and stops them. {@code ClientWatch}
 * tells the API when a client disconnects, which Jakarta's interfaces can't.
 */
@NullMarked
package dev.polylm.server;

import org.jspecify.annotations.NullMarked;

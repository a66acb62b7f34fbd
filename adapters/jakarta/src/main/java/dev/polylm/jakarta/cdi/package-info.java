/**
 * The build-compatible extension that makes beans of the configuration's models. The container
 * creates the extension and the creators by reflection.
 */
@NullMarked
package dev.polylm.jakarta.cdi;

import org.jspecify.annotations.NullMarked;

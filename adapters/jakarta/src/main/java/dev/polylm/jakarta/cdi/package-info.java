/**
 * The build-compatible extension that makes beans of the configuration's models. The container
 * makes extension and creators by reflection.
 */
@NullMarked
package dev.polylm.jakarta.cdi;

import org.jspecify.annotations.NullMarked;

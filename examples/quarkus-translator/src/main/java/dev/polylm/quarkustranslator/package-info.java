/** A REST service that translates with a PolyLM in its own JVM. */
@NullMarked
package dev.polylm.quarkustranslator;

import org.jspecify.annotations.NullMarked;

/**
 * PolyLM's models as CDI beans of a Quarkus application. {@link dev.polylm.quarkus.PolyLmConfig}
 * says how to configure them.
 */
@NullMarked
package dev.polylm.quarkus;

import org.jspecify.annotations.NullMarked;

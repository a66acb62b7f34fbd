/** The steps that PolyLM adds to the build of a Quarkus application. */
@NullMarked
package dev.polylm.quarkus.deployment;

import org.jspecify.annotations.NullMarked;

/**
 * What MicroProfile Config says of models and server.
 *
 * <p>{@link dev.polylm.jakarta.config.PolyLmSettings#read} reads all keys under {@code polylm.} at
 * once, so that a wrong one is found when the application starts. The keys are in the README.
 */
@NullMarked
package dev.polylm.jakarta.config;

import org.jspecify.annotations.NullMarked;

/**
 * Reads the settings of models and server from MicroProfile Config.
 *
 * <p>{@link dev.polylm.jakarta.config.PolyLmSettings#read} reads all keys under {@code polylm.} at
 * once, so that a wrong key is found when the application starts. The README lists the keys.
 */
@NullMarked
package dev.polylm.jakarta.config;

import org.jspecify.annotations.NullMarked;

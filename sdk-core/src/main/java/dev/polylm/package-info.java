/**
 * Runs PolyLM models inside the JVM.
 *
 * <p>The packages below follow the data's way: {@code model} (the exported folder), {@code prompt},
 * {@code tokenizer} (text to ids), {@code runtime} (ids to logits), {@code sampling} (logits to an
 * id), {@code generation}, {@code scoring} and {@code embedding} (join them), {@code decoding}
 * (what those ask of the engine), {@code engine} (runs the model for all).
 */
@NullMarked
package dev.polylm;

import org.jspecify.annotations.NullMarked;

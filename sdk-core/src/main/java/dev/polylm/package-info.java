/**
 * Runs PolyLM models inside the JVM.
 *
 * <p>The packages below follow the data's way: {@code model} (the exported folder), {@code prompt},
 * {@code tokenizer} (text to ids), {@code runtime} (ids to logits), {@code sampling} (logits to an
 * id), {@code generation} (joins them), {@code scoring}.
 */
@NullMarked
package dev.polylm;

import org.jspecify.annotations.NullMarked;

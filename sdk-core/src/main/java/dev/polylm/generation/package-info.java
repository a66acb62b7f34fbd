/**
 * From a prompt to a text, token by token.
 *
 * <p>Text that a tokenizer's streaming decoder gives flows through {@code StopStringMatcher}, which
 * ends it at a stop string, and {@code GraphemeStream}, which keeps what a reader sees as one
 * character in one piece; {@code OutputText} joins the two.
 */
@NullMarked
package dev.polylm.generation;

import org.jspecify.annotations.NullMarked;

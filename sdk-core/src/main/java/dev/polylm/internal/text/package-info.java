/**
 * The text of an answer while its ids come.
 *
 * <p>The tokenizer's streaming decoder gives text. {@code StopStringMatcher} ends it at a stop
 * string, and {@code GraphemeStream} keeps what a reader sees as one character in one piece; {@code
 * OutputText} joins the two.
 */
@NullMarked
package dev.polylm.internal.text;

import org.jspecify.annotations.NullMarked;

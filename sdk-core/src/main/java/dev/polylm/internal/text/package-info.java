/**
 * Builds the text of an answer while its ids arrive.
 *
 * <p>The tokenizer's streaming decoder produces the text. {@code StopStringMatcher} ends it at a
 * stop string. {@code GraphemeStream} keeps each character that a reader sees in one piece. {@code
 * OutputText} joins the two.
 */
@NullMarked
package dev.polylm.internal.text;

import org.jspecify.annotations.NullMarked;

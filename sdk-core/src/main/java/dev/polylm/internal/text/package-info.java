/**
 * Texts that come in and go out: how bytes are read ({@code Utf8}), how messages show what others
 * wrote ({@code Quoted}), and the text of an answer while its ids come.
 *
 * <p>The tokenizer's streaming decoder gives text. {@code StopStringMatcher} ends it at a stop
 * string, and {@code GraphemeStream} keeps what a reader sees as one character in one piece; {@code
 * OutputText} joins the two.
 */
@NullMarked
package dev.polylm.internal.text;

import org.jspecify.annotations.NullMarked;

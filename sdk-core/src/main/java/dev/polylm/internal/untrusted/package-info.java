/**
 * Reads untrusted bytes as text ({@code Utf8}) and shows untrusted text in messages ({@code
 * Quoted}, {@code NearestNames}). All packages may use it; it uses none.
 */
@NullMarked
package dev.polylm.internal.untrusted;

import org.jspecify.annotations.NullMarked;

/**
 * Files that the library writes and reads again: what they have in common, how one replaces
 * another, and the file of a prompt's beginning.
 */
@NullMarked
package dev.polylm.internal.saved;

import org.jspecify.annotations.NullMarked;

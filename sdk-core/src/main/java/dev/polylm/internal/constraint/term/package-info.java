/**
 * Regular expressions over bytes, and what is left of one after a byte.
 *
 * <p>{@link dev.polylm.internal.constraint.term.Terms} makes terms, {@link
 * dev.polylm.internal.constraint.term.Derivatives} takes a byte off the front of one, {@link
 * dev.polylm.internal.constraint.term.Emptiness} says whether anything can follow. Nothing is
 * unrolled: a string of up to 10,000 characters is one term, as are an intersection of patterns and
 * everything but a pattern. {@link dev.polylm.internal.constraint.term.Spelling} writes characters
 * as bytes, {@link dev.polylm.internal.constraint.term.RegexReader} reads patterns.
 *
 * <p>All of it counts against a {@link dev.polylm.internal.constraint.term.Budget}.
 */
@NullMarked
package dev.polylm.internal.constraint.term;

import org.jspecify.annotations.NullMarked;

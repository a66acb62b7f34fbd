/**
 * Regular expressions over bytes, and their derivatives by a byte.
 *
 * <p>{@link dev.polylm.internal.constraint.term.Terms} makes terms, {@link
 * dev.polylm.internal.constraint.term.Derivatives} removes a byte from the front of one, {@link
 * dev.polylm.internal.constraint.term.Emptiness} says whether anything can follow. Nothing is
 * unrolled: a string of up to 10,000 characters is one term. So are an intersection of patterns and
 * the complement of a pattern. {@link dev.polylm.internal.constraint.term.Spelling} writes
 * characters as bytes, {@link dev.polylm.internal.constraint.term.RegexReader} reads patterns.
 *
 * <p>All of this counts against a {@link dev.polylm.internal.constraint.term.Budget}.
 */
@NullMarked
package dev.polylm.internal.constraint.term;

import org.jspecify.annotations.NullMarked;

/**
 * Grammars: rules over terms, the machine that reads bytes by them, and the reader of GBNF.
 *
 * <p>A {@link dev.polylm.internal.constraint.grammar.Grammar} is filled and sealed; an {@link
 * dev.polylm.internal.constraint.grammar.Automaton} goes from one {@link
 * dev.polylm.internal.constraint.grammar.Configuration} to the next, byte by byte.
 */
@NullMarked
package dev.polylm.internal.constraint.grammar;

import org.jspecify.annotations.NullMarked;

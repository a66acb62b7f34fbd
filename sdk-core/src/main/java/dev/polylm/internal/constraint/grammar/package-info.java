/**
 * Grammars: rules over terms, the automaton that reads bytes by the rules, and the reader of GBNF.
 *
 * <p>A {@link dev.polylm.internal.constraint.grammar.Grammar} is filled and then sealed. An {@link
 * dev.polylm.internal.constraint.grammar.Automaton} goes from one {@link
 * dev.polylm.internal.constraint.grammar.Configuration} to the next, byte by byte.
 */
@NullMarked
package dev.polylm.internal.constraint.grammar;

import org.jspecify.annotations.NullMarked;

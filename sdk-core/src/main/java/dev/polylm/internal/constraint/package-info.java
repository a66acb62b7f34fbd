/**
 * Constraints on the form of answers.
 *
 * <ol>
 *   <li>{@link dev.polylm.internal.constraint.ConstraintCompiler} compiles a choice, a pattern, a
 *       schema or a grammar to rules over terms: packages {@code term}, {@code grammar} and {@code
 *       schema}. If it can't compile a constraint exactly, it refuses it.
 *   <li>An automaton reads bytes by the rules. It never enters a state from which the text can't be
 *       completed.
 *   <li>Package {@code mask} finds the ids that may come next, for all pieces of a vocabulary at
 *       once.
 * </ol>
 *
 * <p>The design follows derivatives of regular expressions (Owens, Reppy, Turon: Regular-expression
 * derivatives re-examined, 2009) and masks over a tree of pieces (Willard, Louf: Efficient Guided
 * Generation for Large Language Models, 2023).
 */
@NullMarked
package dev.polylm.internal.constraint;

import org.jspecify.annotations.NullMarked;

/**
 * Constraints: answers that can't be wrong in form.
 *
 * <ol>
 *   <li>{@link dev.polylm.internal.constraint.ConstraintCompiler} compiles what was written, a
 *       choice, a pattern, a schema or a grammar, to rules over terms: packages {@code term},
 *       {@code grammar} and {@code schema}. It is exact, or it refuses.
 *   <li>An automaton reads bytes by the rules, and never goes where the text can't be completed.
 *   <li>Package {@code mask} asks it about all pieces of a vocabulary at once: which ids may come
 *       next.
 * </ol>
 *
 * <p>The design follows derivatives of regular expressions (Owens, Reppy, Turon: Regular-expression
 * derivatives re-examined, 2009) and masks over a tree of pieces (Willard, Louf: Efficient Guided
 * Generation for Large Language Models, 2023).
 */
@NullMarked
package dev.polylm.internal.constraint;

import org.jspecify.annotations.NullMarked;

/**
 * JSON Schema as a grammar of the JSON texts that are valid: exact, or refused by keyword and JSON
 * pointer. Draft 2020-12, and what drafts 4 to 2019-09 write otherwise.
 *
 * <ol>
 *   <li>{@link dev.polylm.internal.constraint.schema.SchemaReader} turns a schema into a {@link
 *       dev.polylm.internal.constraint.schema.Formula}: clauses, joined by all, any and one of.
 *   <li>{@link dev.polylm.internal.constraint.schema.Negation} turns {@code not} into clauses.
 *   <li>{@link dev.polylm.internal.constraint.schema.Expansion} turns a formula into alternatives,
 *       each a {@link dev.polylm.internal.constraint.schema.Conjunction} of clauses.
 *   <li>{@link dev.polylm.internal.constraint.schema.SchemaCompiler} makes a rule of each, by type:
 *       numbers, strings, arrays, objects.
 * </ol>
 *
 * <p>Every value has one spelling, but for white space between tokens and the exponents of numbers.
 * Members come in the order of {@code properties}, further ones behind them. Keywords that only
 * describe are left out, as are unknown ones; an assertion never is.
 */
@NullMarked
package dev.polylm.internal.constraint.schema;

import org.jspecify.annotations.NullMarked;

/**
 * Compiles a JSON Schema to a grammar of the valid JSON texts. If that is not possible exactly, it
 * refuses the schema and names the keyword and its JSON pointer. It reads draft 2020-12, and the
 * different spellings of drafts 4 to 2019-09.
 *
 * <ol>
 *   <li>{@link dev.polylm.internal.constraint.schema.SchemaReader} turns a schema into a {@link
 *       dev.polylm.internal.constraint.schema.Formula}: clauses, joined by all, any and one of.
 *   <li>{@link dev.polylm.internal.constraint.schema.Negation} turns {@code not} into clauses.
 *   <li>{@link dev.polylm.internal.constraint.schema.Expansion} turns a formula into alternatives,
 *       each a {@link dev.polylm.internal.constraint.schema.Conjunction} of clauses.
 *   <li>{@link dev.polylm.internal.constraint.schema.SchemaCompiler} makes a rule from each, by
 *       type: numbers, strings, arrays, objects.
 * </ol>
 *
 * <p>Every value has one spelling, except for white space between tokens and the exponents of
 * numbers. Members come in the order of {@code properties}, followed by other members. Annotations
 * and unknown keywords are ignored. An assertion is never ignored.
 */
@NullMarked
package dev.polylm.internal.constraint.schema;

import org.jspecify.annotations.NullMarked;

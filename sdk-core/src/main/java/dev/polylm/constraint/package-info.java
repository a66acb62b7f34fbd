/**
 * Constraints on the form of answers: {@link dev.polylm.constraint.Constraint}.
 *
 * <pre>{@code
 * Constraint mood = Constraint.choice(List.of("good", "bad", "mixed"));
 * Constraint code = Constraint.regex("[A-Z]{2}-[0-9]{4}");
 * Constraint person = Constraint.jsonSchema("""
 *     {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}""");
 * }</pre>
 */
@NullMarked
package dev.polylm.constraint;

import org.jspecify.annotations.NullMarked;

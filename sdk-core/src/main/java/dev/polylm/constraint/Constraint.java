package dev.polylm.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.ConstraintCompiler;
import java.util.List;

/**
 * The form that an answer must have. Under a constraint the model is only offered ids that keep the
 * answer in form, and may only end where the form is complete.
 *
 * <pre>{@code
 * Constraint answer = Constraint.choice(List.of("yes", "no"));
 * Constraint date = Constraint.regex("[0-9]{4}-[0-9]{2}-[0-9]{2}");
 * }</pre>
 *
 * <p>A constraint is compiled when it is made, within a second: do it where waiting hurts nobody.
 * It is immutable, and may be shared by threads, requests and models. Texts that were compiled
 * lately are not compiled again.
 *
 * <p>What can't be held exactly is refused with a {@link PolyLmException} that names it; nothing
 * that a constraint asserts is ever left out. Made only by the methods here.
 */
public interface Constraint {
  /** One of these texts. */
  static Constraint choice(List<String> options) {
    return ConstraintCompiler.choice(options);
  }

  /**
   * A text that is the pattern's from end to end. Patterns are those of ECMA-262 without back
   * references, {@code \b}, lookbehind, and lookahead inside groups.
   */
  static Constraint regex(String pattern) {
    return ConstraintCompiler.regex(pattern);
  }

  /**
   * JSON that is valid for a schema of draft 2020-12, or of drafts 4 to 2019-09 where it says so.
   * Formats that the drafts define assert. Members come in the order of {@code properties}.
   *
   * @throws PolyLmException where a keyword can't be held: the message has its JSON pointer
   */
  static Constraint jsonSchema(String schema) {
    return ConstraintCompiler.jsonSchema(schema);
  }

  /** As {@link #jsonSchema(String)}. */
  static Constraint jsonSchema(JsonNode schema) {
    return ConstraintCompiler.jsonSchema(schema);
  }

  /** Any value of JSON. */
  static Constraint json() {
    return ConstraintCompiler.jsonSchema("true");
  }

  /**
   * A text of a grammar in GBNF, as llama.cpp has it; {@code root} is its start.
   *
   * @throws PolyLmException where a rule may begin with itself: the message has its name
   */
  static Constraint grammar(String gbnf) {
    return ConstraintCompiler.grammar(gbnf);
  }

  /** An integer in decimal digits. */
  static Constraint integer() {
    return ConstraintCompiler.regex("-?(?:0|[1-9][0-9]*)");
  }

  /** {@code true} or {@code false}. */
  static Constraint bool() {
    return ConstraintCompiler.choice(List.of("true", "false"));
  }
}

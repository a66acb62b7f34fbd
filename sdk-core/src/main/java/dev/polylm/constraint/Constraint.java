package dev.polylm.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.ConstraintCompiler;
import java.util.List;

/**
 * The form that an answer must have. Under a constraint the model can choose only ids that keep the
 * answer in this form. The answer can end only where the form is complete.
 *
 * <pre>{@code
 * Constraint answer = Constraint.choice(List.of("yes", "no"));
 * Constraint date = Constraint.regex("[0-9]{4}-[0-9]{2}-[0-9]{2}");
 * }</pre>
 *
 * <p>The methods of this class compile a constraint, within a second: call them where waiting does
 * no harm. A constraint is immutable. Threads, requests and models may share it. A text that was
 * compiled recently is not compiled again.
 *
 * <p>If a part of a constraint can't be enforced exactly, the method throws a {@link
 * PolyLmException} that names the part. No assertion is ever left out. Only the methods of this
 * interface make constraints.
 */
public interface Constraint {
  /** Returns the constraint that an answer is one of these texts. */
  static Constraint choice(List<String> options) {
    return ConstraintCompiler.choice(options);
  }

  /**
   * Returns the constraint that the whole answer matches a pattern. The syntax is that of ECMA-262
   * without back references, {@code \b}, lookbehind, and lookahead inside groups.
   */
  static Constraint regex(String pattern) {
    return ConstraintCompiler.regex(pattern);
  }

  /**
   * Returns the constraint that an answer is JSON and valid for a schema. The schema is of draft
   * 2020-12, or of drafts 4 to 2019-09 if it says so. Formats that the drafts define are
   * assertions. Members come in the order of {@code properties}.
   *
   * @throws PolyLmException if a keyword can't be enforced; the message has its JSON pointer
   */
  static Constraint jsonSchema(String schema) {
    return ConstraintCompiler.jsonSchema(schema);
  }

  /** Returns the constraint of a parsed schema; see {@link #jsonSchema(String)}. */
  static Constraint jsonSchema(JsonNode schema) {
    return ConstraintCompiler.jsonSchema(schema);
  }

  /** Returns the constraint that an answer is any JSON value. */
  static Constraint json() {
    return ConstraintCompiler.jsonSchema("true");
  }

  /**
   * Returns the constraint that an answer is a text of a grammar in llama.cpp's GBNF. The grammar
   * starts at {@code root}.
   *
   * @throws PolyLmException if a rule may begin with itself; the message names the rule
   */
  static Constraint grammar(String gbnf) {
    return ConstraintCompiler.grammar(gbnf);
  }

  /**
   * Returns the constraint that each of some phrases occurs in the answer, in any of its
   * alternatives: {@code containing(List.of(List.of("Wien", "Vienna"), List.of("Bank")))}.
   *
   * <p>A beam search makes room for beams that come further with the phrases, as Hugging Face's
   * constrained beam search did. Without beams, the answer only can't end before all phrases have
   * occurred.
   *
   * @throws PolyLmException if there is no phrase, or an alternative is empty
   */
  static Constraint containing(List<? extends List<String>> phrases) {
    return ConstraintCompiler.containing(phrases);
  }

  /** Returns the constraint that an answer is an integer in decimal digits. */
  static Constraint integer() {
    return ConstraintCompiler.regex("-?(?:0|[1-9][0-9]*)");
  }

  /** Returns the constraint that an answer is {@code true} or {@code false}. */
  static Constraint bool() {
    return ConstraintCompiler.choice(List.of("true", "false"));
  }

  /**
   * Returns the same constraint with the completion at the limit on or off; it is off at first. If
   * it is on, an answer that would not be complete at the limit of new ids is completed before it,
   * in the shortest way that the constraint allows. Its finish reason is then {@code LENGTH}. Not
   * with beams.
   */
  Constraint completeAtLimit(boolean complete);
}

package dev.polylm.internal.constraint.schema;

import java.util.List;

/**
 * The assertion of a schema. Two formulas are equal only if they are the same object. Each place in
 * a schema is read once, so a recursive schema leads back to the same objects.
 */
sealed interface Formula {
  Formula TRUE = new All(List.of());
  Formula FALSE = new Any(List.of());

  /** All of them hold. */
  final class All implements Formula {
    final List<Formula> parts;

    All(List<Formula> parts) {
      this.parts = parts;
    }
  }

  /** At least one of them holds. */
  final class Any implements Formula {
    final List<Formula> parts;

    Any(List<Formula> parts) {
      this.parts = parts;
    }
  }

  /** Exactly one of them holds. */
  final class One implements Formula {
    final List<Formula> parts;
    final String pointer;

    One(List<Formula> parts, String pointer) {
      this.parts = parts;
      this.pointer = pointer;
    }
  }

  /** The assertion of the schema at a pointer, or its negation. */
  final class Reference implements Formula {
    final String pointer;
    final boolean negated;

    Reference(String pointer, boolean negated) {
      this.pointer = pointer;
      this.negated = negated;
    }
  }

  /** The assertions in the keywords of one schema. */
  final class Assertion implements Formula {
    final Clause clause;

    Assertion(Clause clause) {
      this.clause = clause;
    }
  }
}

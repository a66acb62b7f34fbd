package dev.polylm.internal.constraint.schema;

import java.util.List;

/**
 * What a schema asserts. Two formulas are the same only if they are one object: a schema's place is
 * read once, so what is recursive in it comes back to the same objects.
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

  /** What the schema at a pointer asserts, or the contrary. */
  final class Reference implements Formula {
    final String pointer;
    final boolean negated;

    Reference(String pointer, boolean negated) {
      this.pointer = pointer;
      this.negated = negated;
    }
  }

  /** What the keywords of one schema assert themselves. */
  final class Assertion implements Formula {
    final Clause clause;

    Assertion(Clause clause) {
      this.clause = clause;
    }
  }
}

package dev.polylm.internal.constraint.schema;

import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.schema.Formula.All;
import dev.polylm.internal.constraint.schema.Formula.Any;
import dev.polylm.internal.constraint.schema.Formula.Assertion;
import dev.polylm.internal.constraint.schema.Formula.One;
import dev.polylm.internal.constraint.schema.Formula.Reference;
import dev.polylm.internal.constraint.term.Budget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Converts formulas to alternatives, each a conjunction of clauses: the disjunctive normal form.
 */
final class Expansion {
  private static final int MAX_ALTERNATIVES = 4_000;
  private static final int MAX_REFERENCES = 100;
  private static final int MAX_DEPTH = 500;

  private final SchemaReader schemas;
  private final Strings strings;
  private final Budget budget;
  private int depth;
  private final Set<Formula> open = Collections.newSetFromMap(new IdentityHashMap<>());

  Expansion(SchemaReader schemas, Strings strings, Budget budget) {
    this.schemas = schemas;
    this.strings = strings;
    this.budget = budget;
  }

  /** Returns the alternatives of all formulas together. */
  List<Conjunction> of(List<Formula> all) {
    List<Conjunction> alternatives = List.of(Conjunction.FREE);
    for (Formula formula : all) {
      alternatives = both(alternatives, of(formula));
    }
    return alternatives;
  }

  private List<Conjunction> of(Formula formula) {
    if (++depth > MAX_DEPTH) {
      throw Keywords.refused("#", "schemas are over %s deep".formatted(MAX_DEPTH));
    }
    try {
      return expanded(formula);
    } finally {
      depth--;
    }
  }

  private List<Conjunction> expanded(Formula formula) {
    if (formula instanceof Assertion assertion) {
      return List.of(Conjunction.of(assertion.clause));
    }
    if (formula instanceof All all) {
      return of(all.parts);
    }
    if (formula instanceof Any any) {
      return any(any.parts);
    }
    if (formula instanceof One one) {
      return one(one);
    }
    return target((Reference) formula);
  }

  private List<Conjunction> target(Reference reference) {
    if (!open.add(reference) || open.size() > MAX_REFERENCES) {
      throw Keywords.refused(
          reference.pointer,
          "a schema's references form a circle, or follow one another too often");
    }
    try {
      return of(schemas.target(reference));
    } finally {
      open.remove(reference);
    }
  }

  private List<Conjunction> any(List<Formula> parts) {
    List<Conjunction> alternatives = new ArrayList<>();
    for (Formula part : parts) {
      alternatives.addAll(of(part));
      check(alternatives);
    }
    return alternatives;
  }

  /**
   * Returns each pair of two lists as one conjunction. Pairs without a common type are left out.
   */
  private List<Conjunction> both(List<Conjunction> some, List<Conjunction> others) {
    List<Conjunction> both = new ArrayList<>();
    for (Conjunction a : some) {
      for (Conjunction b : others) {
        budget.step();
        Conjunction joined = a.and(b);
        if (!joined.types().isEmpty()) {
          both.add(joined);
          check(both);
        }
      }
    }
    return both;
  }

  private static void check(List<Conjunction> alternatives) {
    if (alternatives.size() > MAX_ALTERNATIVES) {
      throw Keywords.refused(
          alternatives.get(0).pointer(),
          String.format(
              Locale.ROOT,
              "anyOf, oneOf and the like have over %,d combinations",
              MAX_ALTERNATIVES));
    }
  }

  /**
   * Returns the alternatives of exactly one part: that part, and none of those that could hold with
   * it.
   */
  private List<Conjunction> one(One one) {
    List<List<Conjunction>> expanded = one.parts.stream().map(this::of).toList();
    Disjointness disjointness = new Disjointness(this, strings);
    List<Conjunction> alternatives = new ArrayList<>();
    for (int i = 0; i < expanded.size(); i++) {
      List<Conjunction> only = expanded.get(i);
      for (int j = 0; j < expanded.size(); j++) {
        budget.step();
        if (i != j && !disjointness.ofAll(expanded.get(i), expanded.get(j))) {
          only = both(only, of(contrary(one, j)));
        }
      }
      alternatives.addAll(only);
      check(alternatives);
    }
    return alternatives;
  }

  private Formula contrary(One one, int index) {
    try {
      return schemas.negation().of(one.parts.get(index));
    } catch (PolyLmException e) {
      throw new PolyLmException(
          "schema, %s: alternative %s may hold together with another one, and can't be excluded: %s"
              .formatted(one.pointer, index, e.getMessage()),
          e);
    }
  }
}

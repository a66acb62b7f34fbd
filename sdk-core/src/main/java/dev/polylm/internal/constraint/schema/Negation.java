package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.schema.Clause.Bound;
import dev.polylm.internal.constraint.schema.Clause.Shape;
import dev.polylm.internal.constraint.schema.Formula.All;
import dev.polylm.internal.constraint.schema.Formula.Any;
import dev.polylm.internal.constraint.schema.Formula.Assertion;
import dev.polylm.internal.constraint.schema.Formula.One;
import dev.polylm.internal.constraint.schema.Formula.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Negates formulas, by De Morgan's laws: a clause is false if one of its assertions is false, and
 * an assertion is about its own types only. If the negation can't be written as clauses, the schema
 * is refused.
 */
final class Negation {
  private final SchemaReader schemas;
  private final IdentityHashMap<Formula, Formula> done = new IdentityHashMap<>();

  Negation(SchemaReader schemas) {
    this.schemas = schemas;
  }

  /**
   * @throws PolyLmException if the negation can't be enforced
   */
  Formula of(Formula formula) {
    Formula known = done.get(formula);
    if (known == null) {
      known = compute(formula);
      done.put(formula, known);
      done.put(known, formula);
    }
    return known;
  }

  private Formula compute(Formula formula) {
    if (formula instanceof All all) {
      return all.parts.isEmpty() ? Formula.FALSE : new Any(of(all.parts));
    }
    if (formula instanceof Any any) {
      return any.parts.isEmpty() ? Formula.TRUE : new All(of(any.parts));
    }
    if (formula instanceof Reference reference) {
      return schemas.reference(reference.pointer, !reference.negated);
    }
    if (formula instanceof One one) {
      throw Keywords.refused(one.pointer, "oneOf is not supported under not");
    }
    return new Any(ofClause(((Assertion) formula).clause));
  }

  private List<Formula> of(List<Formula> parts) {
    return parts.stream().map(this::of).toList();
  }

  private List<Formula> ofClause(Clause clause) {
    List<Clause> contraries = new ArrayList<>();
    addTypesAndValues(clause, contraries);
    addNumbers(clause, contraries);
    addStrings(clause, contraries);
    addArrays(clause, contraries);
    addObjects(clause, contraries);
    return contraries.stream().<Formula>map(Assertion::new).toList();
  }

  private static void addTypesAndValues(Clause clause, List<Clause> out) {
    Set<JsonType> others = EnumSet.allOf(JsonType.class);
    others.removeAll(clause.types());
    if (!others.isEmpty()) {
      out.add(Clause.of(clause.pointer(), others));
    }
    List<JsonNode> allowed = clause.allowed();
    if (allowed != null) {
      out.add(Clause.of(clause.pointer(), JsonType.ALL).excluding(allowed));
    }
    if (!clause.excluded().isEmpty()) {
      out.add(Clause.of(clause.pointer(), JsonType.ALL).allowing(clause.excluded()));
    }
  }

  private static void addNumbers(Clause clause, List<Clause> out) {
    Clause numbers = Clause.of(clause.pointer(), JsonType.NUMBERS);
    Bound lower = clause.numbers().lower();
    if (lower != null) {
      Bound below = new Bound(lower.value(), !lower.strict());
      out.add(numbers.with(new Clause.Numbers(null, below, null)));
    }
    Bound upper = clause.numbers().upper();
    if (upper != null) {
      Bound above = new Bound(upper.value(), !upper.strict());
      out.add(numbers.with(new Clause.Numbers(above, null, null)));
    }
    if (clause.numbers().multipleOf() != null) {
      throw refused(clause, "multipleOf");
    }
  }

  private static void addStrings(Clause clause, List<Clause> out) {
    Clause strings = Clause.of(clause.pointer(), EnumSet.of(JsonType.STRING));
    Clause.Strings facts = clause.strings();
    if (facts.minLength() > 0) {
      out.add(strings.with(new Clause.Strings(0, facts.minLength() - 1, List.of())));
    }
    if (facts.maxLength() >= 0) {
      int more = facts.maxLength() + 1;
      out.add(strings.with(new Clause.Strings(more, Clause.UNBOUNDED, List.of())));
    }
    for (Shape shape : facts.shapes()) {
      Shape contrary = new Shape(shape.source(), shape.isFormat(), !shape.negated());
      out.add(strings.with(new Clause.Strings(0, Clause.UNBOUNDED, List.of(contrary))));
    }
  }

  private void addArrays(Clause clause, List<Clause> out) {
    Clause arrays = Clause.of(clause.pointer(), EnumSet.of(JsonType.ARRAY));
    Clause.Arrays facts = clause.arrays();
    if (facts.minItems() > 0) {
      out.add(arrays.with(arrays(0, facts.minItems() - 1, List.of())));
    }
    if (facts.maxItems() >= 0) {
      out.add(arrays.with(arrays(facts.maxItems() + 1, Clause.UNBOUNDED, List.of())));
    }
    if (facts.unique()) {
      throw refused(clause, "uniqueItems");
    }
    if (facts.items() != Formula.TRUE) {
      throw refused(clause, "items");
    }
    for (int i = 0; i < facts.prefix().size(); i++) {
      List<Formula> prefix = new ArrayList<>(Collections.nCopies(i, Formula.TRUE));
      prefix.add(of(facts.prefix().get(i)));
      out.add(arrays.with(arrays(i + 1, Clause.UNBOUNDED, prefix)));
    }
  }

  private static Clause.Arrays arrays(int min, int max, List<Formula> prefix) {
    return new Clause.Arrays(min, max, false, prefix, Formula.TRUE);
  }

  private void addObjects(Clause clause, List<Clause> out) {
    Clause objects = Clause.of(clause.pointer(), EnumSet.of(JsonType.OBJECT));
    Clause.Objects facts = clause.objects();
    if (facts.minProperties() > 0) {
      out.add(objects.with(counted(0, facts.minProperties() - 1)));
    }
    if (facts.maxProperties() >= 0) {
      out.add(objects.with(counted(facts.maxProperties() + 1, Clause.UNBOUNDED)));
    }
    for (String name : facts.required()) {
      out.add(objects.with(member(name, Set.of(), Formula.FALSE)));
    }
    facts
        .properties()
        .forEach((name, formula) -> out.add(objects.with(member(name, Set.of(name), of(formula)))));
    if (!facts.patterns().isEmpty()) {
      throw refused(clause, "patternProperties");
    }
    if (facts.additional() != Formula.TRUE) {
      throw refused(clause, "additionalProperties");
    }
    if (facts.names() != Formula.TRUE) {
      throw refused(clause, "propertyNames");
    }
  }

  private static Clause.Objects counted(int min, int max) {
    return new Clause.Objects(min, max, Set.of(), Map.of(), Map.of(), Formula.TRUE, Formula.TRUE);
  }

  private static Clause.Objects member(String name, Set<String> required, Formula formula) {
    return new Clause.Objects(
        0, Clause.UNBOUNDED, required, Map.of(name, formula), Map.of(), Formula.TRUE, Formula.TRUE);
  }

  private static PolyLmException refused(Clause clause, String keyword) {
    return Keywords.refused(
        Keywords.pointer(clause.pointer(), keyword), keyword + " is not supported under not");
  }
}

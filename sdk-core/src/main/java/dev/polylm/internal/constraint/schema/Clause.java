package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Assertions that must hold together. Each is about values of its own types, as in JSON Schema:
 * {@code minLength} does not concern numbers.
 *
 * @param pointer their JSON pointer, for messages
 * @param types the types that are allowed
 * @param allowed the only values that are allowed, or null if any are
 * @param excluded values that are not allowed
 */
record Clause(
    String pointer,
    Set<JsonType> types,
    @Nullable List<JsonNode> allowed,
    List<JsonNode> excluded,
    Numbers numbers,
    Strings strings,
    Arrays arrays,
    Objects objects) {

  static final int UNBOUNDED = -1;

  /** A bound for numbers. */
  record Bound(BigDecimal value, boolean strict) {}

  record Numbers(@Nullable Bound lower, @Nullable Bound upper, @Nullable BigDecimal multipleOf) {
    static final Numbers FREE = new Numbers(null, null, null);
  }

  /** A pattern or format that a string must have, or must not. */
  record Shape(String source, boolean isFormat, boolean negated) {}

  record Strings(int minLength, int maxLength, List<Shape> shapes) {
    static final Strings FREE = new Strings(0, UNBOUNDED, List.of());
  }

  /**
   * @param prefix the formulas of the first items, one by one
   * @param items the formula of further items
   */
  record Arrays(int minItems, int maxItems, boolean unique, List<Formula> prefix, Formula items) {
    static final Arrays FREE = new Arrays(0, UNBOUNDED, false, List.of(), Formula.TRUE);

    Formula item(int index) {
      return index < prefix.size() ? prefix.get(index) : items;
    }
  }

  /**
   * @param additional the formula of members that neither properties nor patterns name
   * @param names the formula of every member's name
   */
  record Objects(
      int minProperties,
      int maxProperties,
      Set<String> required,
      Map<String, Formula> properties,
      Map<String, Formula> patterns,
      Formula additional,
      Formula names) {
    static final Objects FREE =
        new Objects(0, UNBOUNDED, Set.of(), Map.of(), Map.of(), Formula.TRUE, Formula.TRUE);
  }

  /** Returns a clause that only restricts types. */
  static Clause of(String pointer, Set<JsonType> types) {
    return new Clause(
        pointer, types, null, List.of(), Numbers.FREE, Strings.FREE, Arrays.FREE, Objects.FREE);
  }

  Clause with(Numbers numbers) {
    return new Clause(pointer, types, allowed, excluded, numbers, strings, arrays, objects);
  }

  Clause with(Strings strings) {
    return new Clause(pointer, types, allowed, excluded, numbers, strings, arrays, objects);
  }

  Clause with(Arrays arrays) {
    return new Clause(pointer, types, allowed, excluded, numbers, strings, arrays, objects);
  }

  Clause with(Objects objects) {
    return new Clause(pointer, types, allowed, excluded, numbers, strings, arrays, objects);
  }

  Clause allowing(List<JsonNode> values) {
    return new Clause(pointer, types, values, excluded, numbers, strings, arrays, objects);
  }

  Clause excluding(List<JsonNode> values) {
    return new Clause(pointer, types, allowed, values, numbers, strings, arrays, objects);
  }
}

package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.polylm.internal.constraint.schema.Clause.Bound;
import dev.polylm.internal.constraint.schema.Formula.All;
import dev.polylm.internal.constraint.schema.Formula.Any;
import dev.polylm.internal.constraint.schema.Formula.Assertion;
import dev.polylm.internal.constraint.schema.Formula.One;
import dev.polylm.internal.constraint.schema.Formula.Reference;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether a value that a schema lists is valid for the other keywords. Such values are kept
 * or left out as a whole, so no grammar is needed.
 */
final class Validator {
  private static final int MAX_DEPTH = 1_000;

  private final SchemaReader schemas;
  private final Strings strings;
  private final IdentityHashMap<List<JsonNode>, Set<Object>> keys = new IdentityHashMap<>();
  private int depth;

  Validator(SchemaReader schemas, Strings strings) {
    this.schemas = schemas;
    this.strings = strings;
  }

  boolean isValid(Conjunction conjunction, JsonNode value) {
    return conjunction.clauses().stream().allMatch(clause -> isValid(clause, value));
  }

  private boolean isValid(Formula formula, JsonNode value) {
    if (++depth > MAX_DEPTH) {
      throw Keywords.refused("#", "schemas are over %s deep".formatted(MAX_DEPTH));
    }
    boolean valid = holds(formula, value);
    depth--;
    return valid;
  }

  private boolean holds(Formula formula, JsonNode value) {
    if (formula instanceof All all) {
      return all.parts.stream().allMatch(part -> isValid(part, value));
    }
    if (formula instanceof Any any) {
      return any.parts.stream().anyMatch(part -> isValid(part, value));
    }
    if (formula instanceof One one) {
      return one.parts.stream().filter(part -> isValid(part, value)).count() == 1;
    }
    if (formula instanceof Assertion assertion) {
      return isValid(assertion.clause, value);
    }
    return isValid(schemas.target((Reference) formula), value);
  }

  private boolean isValid(Clause clause, JsonNode value) {
    strings.spelling().terms().budget().step();
    JsonType type = JsonType.of(value);
    List<JsonNode> allowed = clause.allowed();
    if (!clause.types().contains(type)
        || (allowed != null && !isAmong(allowed, value))
        || isAmong(clause.excluded(), value)) {
      return false;
    }
    return switch (type) {
      case NULL, BOOLEAN -> true;
      case INTEGER, FRACTION -> isValidNumber(clause.numbers(), value.decimalValue());
      case STRING -> strings.isValid(clause, value.asText());
      case ARRAY -> isValidArray(clause.arrays(), value);
      case OBJECT -> isValidObject(clause, value);
    };
  }

  private boolean isAmong(List<JsonNode> values, JsonNode value) {
    return !values.isEmpty()
        && keys.computeIfAbsent(values, JsonValues::keys).contains(JsonValues.key(value));
  }

  private static boolean isValidNumber(Clause.Numbers numbers, BigDecimal value) {
    BigDecimal multipleOf = numbers.multipleOf();
    return isWithin(numbers.lower(), value, 1)
        && isWithin(numbers.upper(), value, -1)
        && (multipleOf == null || value.remainder(multipleOf).signum() == 0);
  }

  private static boolean isWithin(@Nullable Bound bound, BigDecimal value, int inward) {
    if (bound == null) {
      return true;
    }
    int compared = value.compareTo(bound.value()) * inward;
    return compared > 0 || (compared == 0 && !bound.strict());
  }

  private boolean isValidArray(Clause.Arrays arrays, JsonNode value) {
    if (value.size() < arrays.minItems()
        || (arrays.maxItems() >= 0 && value.size() > arrays.maxItems())) {
      return false;
    }
    Set<Object> before = new HashSet<>();
    int index = 0;
    for (JsonNode item : value) {
      boolean repeated = !before.add(JsonValues.key(item));
      if ((arrays.unique() && repeated) || !isValid(arrays.item(index++), item)) {
        return false;
      }
    }
    return true;
  }

  private boolean isValidObject(Clause clause, JsonNode value) {
    Clause.Objects objects = clause.objects();
    if (value.size() < objects.minProperties()
        || (objects.maxProperties() >= 0 && value.size() > objects.maxProperties())
        || !objects.required().stream().allMatch(value::has)) {
      return false;
    }
    return value.properties().stream()
        .allMatch(
            member ->
                isValid(objects.names(), TextNode.valueOf(member.getKey()))
                    && strings.member(clause, member.getKey()).stream()
                        .allMatch(formula -> isValid(formula, member.getValue())));
  }
}

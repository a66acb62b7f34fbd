package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.schema.Clause.Bound;
import java.util.List;
import java.util.Set;

/**
 * Finds out whether no value can be valid for both of two conjunctions. It says so only if that is
 * certain from types, values, strings, numbers, or a member that both require.
 */
final class Disjointness {
  private static final int MAX_DEPTH = 3;

  private final Expansion expansion;
  private final Strings strings;
  private int depth;

  Disjointness(Expansion expansion, Strings strings) {
    this.expansion = expansion;
    this.strings = strings;
  }

  boolean ofAll(List<Conjunction> some, List<Conjunction> others) {
    return some.stream().allMatch(a -> others.stream().allMatch(b -> of(a, b)));
  }

  private boolean of(Conjunction a, Conjunction b) {
    Conjunction both = a.and(b);
    List<JsonNode> values = both.allowed();
    if (values != null) {
      return values.stream().noneMatch(value -> mayHold(both, value));
    }
    for (JsonType type : both.types()) {
      boolean disjoint =
          switch (type) {
            case NULL, BOOLEAN, ARRAY -> false;
            case INTEGER, FRACTION -> numbersAreEmpty(both);
            case STRING -> strings.isEmpty(both);
            case OBJECT -> objectsAreDisjoint(a, b);
          };
      if (!disjoint) {
        return false;
      }
    }
    return true;
  }

  private static boolean mayHold(Conjunction both, JsonNode value) {
    return both.clauses().stream().allMatch(clause -> clause.types().contains(JsonType.of(value)))
        && !JsonValues.contains(both.excluded(), value);
  }

  private static boolean numbersAreEmpty(Conjunction both) {
    Bound lower = both.lower();
    Bound upper = both.upper();
    if (lower == null || upper == null) {
      return false;
    }
    int compared = lower.value().compareTo(upper.value());
    return compared > 0 || (compared == 0 && (lower.strict() || upper.strict()));
  }

  private boolean objectsAreDisjoint(Conjunction a, Conjunction b) {
    if (requiresWhatIsForbidden(a, b) || requiresWhatIsForbidden(b, a)) {
      return true;
    }
    Set<String> required = a.required();
    required.retainAll(b.required());
    return required.stream().anyMatch(name -> membersAreDisjoint(name, a, b));
  }

  private boolean requiresWhatIsForbidden(Conjunction a, Conjunction b) {
    return a.required().stream().anyMatch(name -> strings.member(b, name).contains(Formula.FALSE));
  }

  private boolean membersAreDisjoint(String name, Conjunction a, Conjunction b) {
    if (depth == MAX_DEPTH) {
      return false;
    }
    depth++;
    try {
      return ofAll(expansion.of(strings.member(a, name)), expansion.of(strings.member(b, name)));
    } catch (PolyLmException e) {
      return false;
    } finally {
      depth--;
    }
  }
}

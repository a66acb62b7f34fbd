package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.internal.constraint.schema.Clause.Bound;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Clauses that must hold together, seen as one clause: the strictest bounds, and the values that
 * every clause allows.
 */
final class Conjunction {
  static final Conjunction FREE = new Conjunction(List.of());

  private final List<Clause> clauses;
  private final @Nullable List<JsonNode> allowed;
  private final Set<JsonType> types;

  private Conjunction(List<Clause> clauses) {
    this.clauses = clauses;
    this.allowed = allowed(clauses);
    this.types = types(clauses, allowed);
  }

  static Conjunction of(Clause clause) {
    return new Conjunction(List.of(clause));
  }

  /** Returns the clauses of both. A clause that is in both counts once. */
  Conjunction and(Conjunction other) {
    Set<Clause> all = Collections.newSetFromMap(new IdentityHashMap<>());
    all.addAll(clauses);
    List<Clause> joined = new ArrayList<>(clauses);
    other.clauses.stream().filter(all::add).forEach(joined::add);
    return new Conjunction(joined);
  }

  List<Clause> clauses() {
    return clauses;
  }

  /** Returns the JSON pointer of the first clause. */
  String pointer() {
    return clauses.isEmpty() ? "#" : clauses.get(0).pointer();
  }

  /**
   * Returns the types that no clause forbids. If values are listed, only the types of these values.
   */
  Set<JsonType> types() {
    return types;
  }

  private static Set<JsonType> types(List<Clause> clauses, @Nullable List<JsonNode> allowed) {
    Set<JsonType> types = EnumSet.allOf(JsonType.class);
    clauses.forEach(clause -> types.retainAll(clause.types()));
    if (allowed != null) {
      Set<JsonType> listed = EnumSet.noneOf(JsonType.class);
      allowed.forEach(value -> listed.add(JsonType.of(value)));
      types.retainAll(listed);
    }
    return types;
  }

  /** Returns the values that are in every list of values; null if there is no list. */
  @Nullable List<JsonNode> allowed() {
    return allowed;
  }

  private static @Nullable List<JsonNode> allowed(List<Clause> clauses) {
    List<JsonNode> all = null;
    for (Clause clause : clauses) {
      List<JsonNode> own = clause.allowed();
      if (own != null) {
        all = all == null ? own : shared(all, own);
      }
    }
    return all;
  }

  private static List<JsonNode> shared(List<JsonNode> some, List<JsonNode> others) {
    Set<Object> keys = JsonValues.keys(others);
    return some.stream().filter(value -> keys.contains(JsonValues.key(value))).toList();
  }

  List<JsonNode> excluded() {
    List<JsonNode> all = new ArrayList<>();
    clauses.forEach(clause -> all.addAll(clause.excluded()));
    return all;
  }

  @Nullable Bound lower() {
    Bound strictest = null;
    for (Clause clause : clauses) {
      Bound bound = clause.numbers().lower();
      if (bound != null && (strictest == null || isStricter(bound, strictest, 1))) {
        strictest = bound;
      }
    }
    return strictest;
  }

  @Nullable Bound upper() {
    Bound strictest = null;
    for (Clause clause : clauses) {
      Bound bound = clause.numbers().upper();
      if (bound != null && (strictest == null || isStricter(bound, strictest, -1))) {
        strictest = bound;
      }
    }
    return strictest;
  }

  private static boolean isStricter(Bound bound, Bound than, int inward) {
    int compared = bound.value().compareTo(than.value()) * inward;
    return compared > 0 || (compared == 0 && bound.strict());
  }

  /** Returns the greatest value of a count that is a minimum. */
  int min(ToIntFunction<Clause> count) {
    int greatest = 0;
    for (Clause clause : clauses) {
      greatest = Math.max(greatest, count.applyAsInt(clause));
    }
    return greatest;
  }

  /** Returns the smallest value of a count that is a maximum, or {@link Clause#UNBOUNDED}. */
  int max(ToIntFunction<Clause> count) {
    int smallest = Clause.UNBOUNDED;
    for (Clause clause : clauses) {
      int value = count.applyAsInt(clause);
      boolean smaller = value >= 0 && (smallest < 0 || value < smallest);
      smallest = smaller ? value : smallest;
    }
    return smallest;
  }

  Set<String> required() {
    Set<String> names = new LinkedHashSet<>();
    clauses.forEach(clause -> names.addAll(clause.objects().required()));
    return names;
  }

  /**
   * Returns the names that clauses know, in their order; those that are only required come last.
   */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    clauses.forEach(clause -> names.addAll(clause.objects().properties().keySet()));
    names.addAll(required());
    return names;
  }

  Set<String> patterns() {
    Set<String> patterns = new LinkedHashSet<>();
    clauses.forEach(clause -> patterns.addAll(clause.objects().patterns().keySet()));
    return patterns;
  }
}

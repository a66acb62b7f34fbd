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

/** Clauses that hold together, seen as one: the strictest bound, what every clause allows. */
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

  /** Both; a clause that is in both counts once. */
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

  /** Where the first of the clauses stands. */
  String pointer() {
    return clauses.isEmpty() ? "#" : clauses.get(0).pointer();
  }

  /** Types that no clause forbids, and that values have where values are listed. */
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

  /** The values that are in every list of values; null where there is no list. */
  @Nullable List<JsonNode> allowed() {
    return allowed;
  }

  private static @Nullable List<JsonNode> allowed(List<Clause> clauses) {
    List<JsonNode> all = null;
    for (Clause clause : clauses) {
      List<JsonNode> own = clause.allowed();
      if (own != null) {
        List<JsonNode> before = all;
        all =
            before == null
                ? own
                : before.stream().filter(value -> JsonValues.contains(own, value)).toList();
      }
    }
    return all;
  }

  List<JsonNode> excluded() {
    return clauses.stream().flatMap(clause -> clause.excluded().stream()).toList();
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

  /** The greatest of a count that is a minimum. */
  int min(ToIntFunction<Clause> count) {
    return clauses.stream().mapToInt(count).max().orElse(0);
  }

  /** The smallest of a count that is a maximum, or {@link Clause#UNBOUNDED}. */
  int max(ToIntFunction<Clause> count) {
    return clauses.stream()
        .mapToInt(count)
        .filter(value -> value >= 0)
        .min()
        .orElse(Clause.UNBOUNDED);
  }

  Set<String> required() {
    Set<String> names = new LinkedHashSet<>();
    clauses.forEach(clause -> names.addAll(clause.objects().required()));
    return names;
  }

  /** The names that clauses know, in their order; those that are only required come last. */
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

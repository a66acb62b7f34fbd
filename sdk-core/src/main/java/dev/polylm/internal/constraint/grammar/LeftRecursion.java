package dev.polylm.internal.constraint.grammar;

import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.term.Symbol;
import dev.polylm.internal.constraint.term.Term;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds rules that may begin with themselves. Such a rule has no first byte that decides, so its
 * stacks would grow without end.
 */
final class LeftRecursion {
  private final List<Rule> rules;
  private final Set<Rule> nullable = new HashSet<>();

  private LeftRecursion(List<Rule> rules) {
    this.rules = rules;
  }

  static void refuse(List<Rule> rules) {
    new LeftRecursion(rules).refuse();
  }

  private void refuse() {
    findNullable();
    Map<Rule, Set<Rule>> beginnings = new HashMap<>();
    Map<Rule, Integer> uses = new HashMap<>();
    for (Rule rule : rules) {
      beginnings.put(rule, beginnings(rule));
      beginnings.get(rule).forEach(used -> uses.merge(used, 1, Integer::sum));
    }
    refuseCircles(beginnings, uses);
  }

  /** Repeatedly removes rules that no remaining rule begins with, until only circles remain. */
  private void refuseCircles(Map<Rule, Set<Rule>> beginnings, Map<Rule, Integer> uses) {
    Deque<Rule> unused = new ArrayDeque<>();
    rules.stream().filter(rule -> !uses.containsKey(rule)).forEach(unused::add);
    int left = rules.size();
    while (!unused.isEmpty()) {
      Rule rule = unused.remove();
      left--;
      for (Rule used : beginnings.getOrDefault(rule, Set.of())) {
        if (uses.merge(used, -1, Integer::sum) == 0) {
          uses.remove(used);
          unused.add(used);
        }
      }
    }
    if (left > 0) {
      throw new PolyLmException(
          "the rule %s may begin with itself; write it with the repetition at the end, or with *"
              .formatted(inCircle(beginnings, uses.keySet()).name()));
    }
  }

  /** Finds a rule of a circle by stepping back from any remaining rule. */
  private static Rule inCircle(Map<Rule, Set<Rule>> beginnings, Set<Rule> left) {
    List<Rule> path = new ArrayList<>();
    Rule rule = left.iterator().next();
    while (!path.contains(rule)) {
      path.add(rule);
      Rule used = rule;
      rule =
          left.stream()
              .filter(r -> beginnings.getOrDefault(r, Set.of()).contains(used))
              .findFirst()
              .orElseThrow();
    }
    return rule;
  }

  private void findNullable() {
    boolean grown = true;
    while (grown) {
      grown = false;
      for (Rule rule : rules) {
        grown |=
            !nullable.contains(rule)
                && rule.alternatives().stream().anyMatch(a -> a.stream().allMatch(this::isNullable))
                && nullable.add(rule);
      }
    }
  }

  private boolean isNullable(Symbol symbol) {
    return symbol instanceof Term term ? term.nullable() : nullable.contains(symbol);
  }

  private Set<Rule> beginnings(Rule rule) {
    Set<Rule> found = new HashSet<>();
    for (List<Symbol> alternative : rule.alternatives()) {
      for (Symbol symbol : alternative) {
        if (symbol instanceof Rule used) {
          found.add(used);
        }
        if (!isNullable(symbol)) {
          break;
        }
      }
    }
    return found;
  }
}

package dev.polylm.internal.constraint.grammar;

import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.term.Symbol;
import dev.polylm.internal.constraint.term.Term;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds rules that may begin with themselves. Such a rule has no first byte that decides, so its
 * stacks would grow without end.
 */
final class LeftRecursion {
  private final List<Rule> rules;

  /** The ids of the rules that may have no text. */
  private final BitSet nullable = new BitSet();

  private LeftRecursion(List<Rule> rules) {
    this.rules = rules;
  }

  static void refuse(List<Rule> rules) {
    new LeftRecursion(rules).refuse();
  }

  /** Repeatedly removes rules that no remaining rule begins with, until only circles remain. */
  private void refuse() {
    findNullable();
    List<Set<Rule>> beginnings = new ArrayList<>(rules.size());
    int[] uses = new int[rules.size()];
    for (Rule rule : rules) {
      Set<Rule> found = beginnings(rule);
      beginnings.add(found);
      found.forEach(used -> uses[used.id()]++);
    }
    Deque<Rule> unused = new ArrayDeque<>();
    rules.stream().filter(rule -> uses[rule.id()] == 0).forEach(unused::add);
    int left = rules.size();
    while (!unused.isEmpty()) {
      left--;
      for (Rule used : beginnings.get(unused.remove().id())) {
        if (--uses[used.id()] == 0) {
          unused.add(used);
        }
      }
    }
    if (left > 0) {
      List<Rule> remaining = rules.stream().filter(rule -> uses[rule.id()] > 0).toList();
      throw new PolyLmException(
          "the rule %s may begin with itself; write it with the repetition at the end, or with *"
              .formatted(inCircle(beginnings, remaining).name()));
    }
  }

  /** Finds a rule of a circle by stepping back from any remaining rule. */
  private static Rule inCircle(List<Set<Rule>> beginnings, List<Rule> left) {
    List<Rule> path = new ArrayList<>();
    Rule rule = left.get(0);
    while (!path.contains(rule)) {
      path.add(rule);
      Rule used = rule;
      rule =
          left.stream()
              .filter(other -> beginnings.get(other.id()).contains(used))
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
        if (!nullable.get(rule.id()) && mayBeEmpty(rule)) {
          nullable.set(rule.id());
          grown = true;
        }
      }
    }
  }

  private boolean mayBeEmpty(Rule rule) {
    for (List<Symbol> alternative : rule.alternatives()) {
      if (mayBeEmpty(alternative)) {
        return true;
      }
    }
    return false;
  }

  private boolean mayBeEmpty(List<Symbol> alternative) {
    for (Symbol symbol : alternative) {
      if (!mayBeEmpty(symbol)) {
        return false;
      }
    }
    return true;
  }

  private boolean mayBeEmpty(Symbol symbol) {
    return symbol instanceof Rule rule ? nullable.get(rule.id()) : ((Term) symbol).nullable();
  }

  private Set<Rule> beginnings(Rule rule) {
    Set<Rule> found = Set.of();
    for (List<Symbol> alternative : rule.alternatives()) {
      for (Symbol symbol : alternative) {
        if (symbol instanceof Rule used) {
          found = found.isEmpty() ? new HashSet<>() : found;
          found.add(used);
        }
        if (!mayBeEmpty(symbol)) {
          break;
        }
      }
    }
    return found;
  }
}

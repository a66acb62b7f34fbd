package dev.polylm.internal.constraint.grammar;

import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.term.Derivatives;
import dev.polylm.internal.constraint.term.Emptiness;
import dev.polylm.internal.constraint.term.Symbol;
import dev.polylm.internal.constraint.term.Term;
import dev.polylm.internal.constraint.term.Terms;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Rules over the terms of one table. One thread fills it, then it is {@link #seal}ed and shared.
 */
public final class Grammar {
  private static final int MAX_RULES = 50_000;

  private final Terms terms;
  private final List<Rule> rules = new ArrayList<>();

  public Grammar(Terms terms) {
    this.terms = terms;
  }

  public Terms terms() {
    return terms;
  }

  public List<Rule> rules() {
    return rules;
  }

  /** Returns a new rule without alternatives. */
  public Rule rule(String name) {
    if (rules.size() == MAX_RULES) {
      throw new PolyLmException(
          String.format(
              Locale.ROOT, "the constraint is too large: it has over %,d rules", MAX_RULES));
    }
    Rule rule = new Rule(rules.size(), name);
    rules.add(rule);
    return rule;
  }

  /** Adds an alternative. Terms that follow one another become one. */
  public void add(Rule rule, Symbol... symbols) {
    List<Symbol> joined = new ArrayList<>();
    for (int i = symbols.length - 1; i >= 0; i--) {
      Symbol next = joined.isEmpty() ? Terms.EPSILON : joined.get(joined.size() - 1);
      if (symbols[i] instanceof Term term && !joined.isEmpty() && next instanceof Term following) {
        joined.set(joined.size() - 1, terms.concat(term, following));
      } else if (symbols[i] != Terms.EPSILON) {
        joined.add(symbols[i]);
      }
    }
    Collections.reverse(joined);
    terms.budget().step();
    rule.alternatives().add(joined);
  }

  /**
   * Drops alternatives that can never be completed, so that every offered path can end.
   *
   * @return whether the start has any text
   * @throws PolyLmException if a rule begins with itself
   */
  public boolean seal(Rule start) {
    Set<Rule> productive = productive();
    for (Rule rule : rules) {
      rule.set(
          rule.alternatives().stream()
              .filter(alternative -> isProductive(alternative, productive))
              .map(List::copyOf)
              .toList());
    }
    LeftRecursion.refuse(rules);
    return productive.contains(start);
  }

  private Set<Rule> productive() {
    Emptiness emptiness = new Emptiness(new Derivatives(terms));
    for (Rule rule : rules) {
      rule.alternatives()
          .removeIf(
              alternative ->
                  alternative.stream()
                      .anyMatch(s -> s instanceof Term term && emptiness.isEmpty(term)));
    }
    Set<Rule> productive = new HashSet<>();
    boolean grown = true;
    while (grown) {
      grown = false;
      for (int i = rules.size() - 1; i >= 0; i--) {
        Rule rule = rules.get(i);
        grown |=
            !productive.contains(rule)
                && rule.alternatives().stream().anyMatch(a -> isProductive(a, productive))
                && productive.add(rule);
      }
      terms.budget().step();
    }
    return productive;
  }

  private static boolean isProductive(List<Symbol> alternative, Set<Rule> productive) {
    return alternative.stream().allMatch(s -> s instanceof Term || productive.contains(s));
  }
}

package dev.polylm.internal.constraint.grammar;

import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.term.Derivatives;
import dev.polylm.internal.constraint.term.Emptiness;
import dev.polylm.internal.constraint.term.Symbol;
import dev.polylm.internal.constraint.term.Term;
import dev.polylm.internal.constraint.term.Terms;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

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
    BitSet productive = productive();
    for (Rule rule : rules) {
      List<List<Symbol>> kept = new ArrayList<>(rule.alternatives().size());
      for (List<Symbol> alternative : rule.alternatives()) {
        if (isProductive(alternative, productive)) {
          kept.add(List.copyOf(alternative));
        }
      }
      rule.set(List.copyOf(kept));
    }
    LeftRecursion.refuse(rules);
    return productive.get(start.id());
  }

  /** Returns the ids of the rules that have a text. */
  private BitSet productive() {
    Emptiness emptiness = new Emptiness(new Derivatives(terms));
    for (Rule rule : rules) {
      rule.alternatives().removeIf(alternative -> hasEmptyTerm(alternative, emptiness));
    }
    BitSet productive = new BitSet(rules.size());
    boolean grown = true;
    while (grown) {
      grown = false;
      for (int id = rules.size() - 1; id >= 0; id--) {
        if (!productive.get(id) && isProductive(rules.get(id), productive)) {
          productive.set(id);
          grown = true;
        }
      }
      terms.budget().step();
    }
    return productive;
  }

  private static boolean hasEmptyTerm(List<Symbol> alternative, Emptiness emptiness) {
    for (Symbol symbol : alternative) {
      if (symbol instanceof Term term && emptiness.isEmpty(term)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isProductive(Rule rule, BitSet productive) {
    for (List<Symbol> alternative : rule.alternatives()) {
      if (isProductive(alternative, productive)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isProductive(List<Symbol> alternative, BitSet productive) {
    for (Symbol symbol : alternative) {
      if (symbol instanceof Rule rule && !productive.get(rule.id())) {
        return false;
      }
    }
    return true;
  }
}

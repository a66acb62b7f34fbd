package dev.polylm.internal.constraint.grammar;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.grammar.Expression.Choice;
import dev.polylm.internal.constraint.grammar.Expression.Reference;
import dev.polylm.internal.constraint.grammar.Expression.Repetition;
import dev.polylm.internal.constraint.grammar.Expression.Sequence;
import dev.polylm.internal.constraint.grammar.Expression.Text;
import dev.polylm.internal.constraint.term.Symbol;
import dev.polylm.internal.constraint.term.Term;
import dev.polylm.internal.constraint.term.Terms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Converts GBNF to a grammar. Rules that don't lead back to themselves become terms, which are
 * faster and share more. The others stay rules.
 */
public final class Gbnf {
  private static final String START = "root";
  private static final int MAX_COUNTED = 1_000;

  private final Terms terms;
  private final Grammar grammar;
  private final Map<String, Symbol> symbols = new HashMap<>();

  private Gbnf(Grammar grammar) {
    this.grammar = grammar;
    this.terms = grammar.terms();
  }

  /**
   * Fills the grammar, and returns its start.
   *
   * @throws PolyLmException if the text is not GBNF
   */
  public static Rule read(Grammar grammar, String text) {
    return new Gbnf(grammar).compile(new GbnfReader(grammar.terms(), text).read());
  }

  private Rule compile(Map<String, Expression> rules) {
    if (!rules.containsKey(START)) {
      throw new PolyLmException(
          "grammar: expected a rule of the name root, found " + rules.keySet());
    }
    Map<String, Rule> recursive = new LinkedHashMap<>();
    rules.keySet().forEach(name -> recursive.put(name, grammar.rule(name)));
    symbols.putAll(recursive);
    for (String name : regular(references(rules))) {
      symbols.put(name, term(requireNonNull(rules.get(name))));
      recursive.remove(name);
    }
    recursive.forEach((name, rule) -> fill(rule, requireNonNull(rules.get(name))));
    Rule start = grammar.rule(START);
    grammar.add(start, symbol(START));
    return start;
  }

  private Symbol symbol(String name) {
    return requireNonNull(symbols.get(name));
  }

  private static Map<String, Set<String>> references(Map<String, Expression> rules) {
    Map<String, Set<String>> references = new HashMap<>();
    rules.forEach(
        (name, expression) -> {
          Set<String> used = new HashSet<>();
          expression.addReferences(used);
          for (String other : used) {
            if (!rules.containsKey(other)) {
              throw new PolyLmException(
                  "grammar: the rule %s uses the rule %s, which does not exist"
                      .formatted(name, other));
            }
          }
          references.put(name, used);
        });
    return references;
  }

  /** Returns the rules that do not lead to a circle, each after the rules that it uses. */
  private static List<String> regular(Map<String, Set<String>> references) {
    Map<String, Set<String>> open = new HashMap<>();
    Map<String, List<String>> users = new HashMap<>();
    references.forEach(
        (name, used) -> {
          open.put(name, new HashSet<>(used));
          used.forEach(other -> users.computeIfAbsent(other, o -> new ArrayList<>()).add(name));
        });
    List<String> regular = new ArrayList<>();
    references.forEach(
        (name, used) -> {
          if (used.isEmpty()) {
            regular.add(name);
          }
        });
    for (int i = 0; i < regular.size(); i++) {
      String done = regular.get(i);
      for (String user : users.getOrDefault(done, List.of())) {
        Set<String> left = requireNonNull(open.get(user));
        left.remove(done);
        if (left.isEmpty()) {
          regular.add(user);
        }
      }
    }
    return regular;
  }

  /** Returns an expression all of whose references are terms. */
  private Term term(Expression expression) {
    if (expression instanceof Text text) {
      return text.term();
    }
    if (expression instanceof Reference reference) {
      return (Term) symbol(reference.name());
    }
    if (expression instanceof Sequence sequence) {
      return terms.concat(sequence.parts().stream().map(this::term).toArray(Term[]::new));
    }
    if (expression instanceof Choice choice) {
      return terms.either(choice.parts().stream().map(this::term).toList());
    }
    Repetition repetition = (Repetition) expression;
    return terms.repeat(term(repetition.part()), repetition.min(), repetition.max());
  }

  private void fill(Rule rule, Expression expression) {
    List<Expression> alternatives =
        expression instanceof Choice choice ? choice.parts() : List.of(expression);
    for (Expression alternative : alternatives) {
      List<Expression> parts =
          alternative instanceof Sequence sequence ? sequence.parts() : List.of(alternative);
      grammar.add(
          rule, parts.stream().map(part -> symbol(rule.name(), part)).toArray(Symbol[]::new));
    }
  }

  private Symbol symbol(String owner, Expression expression) {
    Set<String> used = new HashSet<>();
    expression.addReferences(used);
    if (used.stream().allMatch(name -> symbols.get(name) instanceof Term)) {
      return term(expression);
    }
    if (expression instanceof Reference reference) {
      return symbol(reference.name());
    }
    if (expression instanceof Repetition repetition) {
      return repeated(owner, repetition);
    }
    Rule rule = grammar.rule(owner);
    fill(rule, expression);
    return rule;
  }

  /**
   * Returns a chain of rules, one for each repetition. Without a limit, the last rule continues
   * with itself.
   */
  private Symbol repeated(String owner, Repetition repetition) {
    Symbol part = symbol(owner, repetition.part());
    boolean endless = repetition.max() < 0;
    int times = endless ? repetition.min() : repetition.max();
    if (times > MAX_COUNTED) {
      throw new PolyLmException(
          "grammar: the rule %s repeats %s times a part that goes back to a rule, expected at most %s"
              .formatted(owner, times, MAX_COUNTED));
    }
    Rule next = grammar.rule(owner);
    grammar.add(next);
    if (endless) {
      grammar.add(next, part, next);
    }
    for (int i = times - 1; i >= 0; i--) {
      Rule rule = grammar.rule(owner);
      grammar.add(rule, part, next);
      if (i >= repetition.min()) {
        grammar.add(rule);
      }
      next = rule;
    }
    return next;
  }
}

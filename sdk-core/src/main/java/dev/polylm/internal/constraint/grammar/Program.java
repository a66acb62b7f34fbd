package dev.polylm.internal.constraint.grammar;

import dev.polylm.constraint.Constraint;

/** A compiled constraint: a grammar that no longer changes. Shared by threads. */
public final class Program implements Constraint {
  private final String description;
  private final Grammar grammar;
  private final Rule start;

  /**
   * @param description the constraint in words, for messages
   * @param grammar a sealed grammar
   */
  public Program(String description, Grammar grammar, Rule start) {
    this.description = description;
    this.grammar = grammar;
    this.start = start;
  }

  /** Returns a new automaton, whose tables grow as it is used. */
  public Automaton newAutomaton() {
    return new Automaton(grammar, start);
  }

  /** Returns the number of terms and rules, which determines its memory. */
  public int size() {
    return grammar.terms().size() + grammar.rules().size();
  }

  @Override
  public String toString() {
    return description;
  }
}

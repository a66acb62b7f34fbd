package dev.polylm.internal.constraint.grammar;

import dev.polylm.constraint.Constraint;

/** A compiled constraint: a grammar that no longer changes. Shared by threads. */
public final class Program implements Constraint {
  private final String description;
  private final Grammar grammar;
  private final Rule start;

  /**
   * @param description what was compiled, for messages
   * @param grammar a sealed one
   */
  public Program(String description, Grammar grammar, Rule start) {
    this.description = description;
    this.grammar = grammar;
    this.start = start;
  }

  /** Returns a machine of its own, whose tables grow as it is used. */
  public Automaton newAutomaton() {
    return new Automaton(grammar, start);
  }

  /** Returns how many terms and rules it has: what its memory goes by. */
  public int size() {
    return grammar.terms().size() + grammar.rules().size();
  }

  @Override
  public String toString() {
    return description;
  }
}

package dev.polylm.internal.constraint.grammar;

import dev.polylm.constraint.Constraint;
import java.util.List;

/** A compiled constraint: a grammar that no longer changes. Shared by threads. */
public final class Program implements Constraint {
  private final String description;
  private final Grammar grammar;
  private final Rule start;
  private final List<List<String>> phrases;
  private final boolean completesAtLimit;

  /**
   * @param description the constraint in words, for messages
   * @param grammar a sealed grammar
   * @param phrases those that a beam search makes room for, each with its alternatives; empty
   *     without any
   */
  public Program(
      String description, Grammar grammar, Rule start, List<? extends List<String>> phrases) {
    this.description = description;
    this.grammar = grammar;
    this.start = start;
    this.phrases = List.copyOf(phrases);
    this.completesAtLimit = false;
  }

  private Program(Program other, boolean completesAtLimit) {
    this.description = other.description;
    this.grammar = other.grammar;
    this.start = other.start;
    this.phrases = other.phrases;
    this.completesAtLimit = completesAtLimit;
  }

  @Override
  public Constraint completeAtLimit(boolean complete) {
    return complete == completesAtLimit ? this : new Program(this, complete);
  }

  public boolean completesAtLimit() {
    return completesAtLimit;
  }

  public List<List<String>> phrases() {
    return phrases;
  }

  /** Returns the grammar, which programs that differ in other things only share. */
  public Grammar grammar() {
    return grammar;
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

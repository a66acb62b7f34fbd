package dev.polylm.internal.constraint.grammar;

import dev.polylm.internal.constraint.term.Symbol;
import java.util.ArrayList;
import java.util.List;

/** A rule of a {@link Grammar}: one of its alternatives, each a sequence of symbols. */
public final class Rule implements Symbol {
  private final int id;
  private final String name;
  private List<List<Symbol>> alternatives = new ArrayList<>();

  Rule(int id, String name) {
    this.id = id;
    this.name = name;
  }

  public int id() {
    return id;
  }

  public String name() {
    return name;
  }

  public List<List<Symbol>> alternatives() {
    return alternatives;
  }

  void set(List<List<Symbol>> alternatives) {
    this.alternatives = alternatives;
  }
}

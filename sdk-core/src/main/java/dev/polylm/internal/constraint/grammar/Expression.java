package dev.polylm.internal.constraint.grammar;

import dev.polylm.internal.constraint.term.Term;
import java.util.List;
import java.util.Set;

/** The right side of a GBNF rule, as it is written. */
sealed interface Expression {
  /** Adds the names of the rules that this expression uses. */
  void addReferences(Set<String> names);

  /** A set or string of characters. */
  record Text(Term term) implements Expression {
    @Override
    public void addReferences(Set<String> names) {}
  }

  /** A reference to another rule. */
  record Reference(String name) implements Expression {
    @Override
    public void addReferences(Set<String> names) {
      names.add(name);
    }
  }

  /** Parts that follow one another. */
  record Sequence(List<Expression> parts) implements Expression {
    @Override
    public void addReferences(Set<String> names) {
      parts.forEach(part -> part.addReferences(names));
    }
  }

  /** Any one of the parts. */
  record Choice(List<Expression> parts) implements Expression {
    @Override
    public void addReferences(Set<String> names) {
      parts.forEach(part -> part.addReferences(names));
    }
  }

  /** A part, min to max times. A max of -1 means no limit. */
  record Repetition(Expression part, int min, int max) implements Expression {
    @Override
    public void addReferences(Set<String> names) {
      part.addReferences(names);
    }
  }
}

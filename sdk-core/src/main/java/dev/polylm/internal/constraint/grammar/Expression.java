package dev.polylm.internal.constraint.grammar;

import dev.polylm.internal.constraint.term.Term;
import java.util.List;
import java.util.Set;

/** A side of a rule of GBNF, as it is written. */
sealed interface Expression {
  /** Adds the names of the rules that it uses. */
  void addReferences(Set<String> names);

  /** Characters. */
  record Text(Term term) implements Expression {
    @Override
    public void addReferences(Set<String> names) {}
  }

  /** Another rule. */
  record Reference(String name) implements Expression {
    @Override
    public void addReferences(Set<String> names) {
      names.add(name);
    }
  }

  /** One after another. */
  record Sequence(List<Expression> parts) implements Expression {
    @Override
    public void addReferences(Set<String> names) {
      parts.forEach(part -> part.addReferences(names));
    }
  }

  /** Any of them. */
  record Choice(List<Expression> parts) implements Expression {
    @Override
    public void addReferences(Set<String> names) {
      parts.forEach(part -> part.addReferences(names));
    }
  }

  /** Min to max times; a max of -1 is without end. */
  record Repetition(Expression part, int min, int max) implements Expression {
    @Override
    public void addReferences(Set<String> names) {
      part.addReferences(names);
    }
  }
}

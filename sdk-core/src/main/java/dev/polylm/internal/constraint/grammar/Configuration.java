package dev.polylm.internal.constraint.grammar;

import dev.polylm.internal.constraint.term.Term;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a text stands in a grammar: every stack that may still be to come. {@link Automaton} makes
 * each once, so it is a state of a machine that decides by bytes, found as far as texts went.
 */
public final class Configuration {
  final List<Stack> stacks;
  private final boolean accepting;

  /** The configuration after each byte, null if no text goes on so; null until asked for. */
  @Nullable Configuration @Nullable [] row;

  /** Groups of bytes after which the text stands where it stood; with the row. */
  int loops;

  Configuration(List<Stack> stacks) {
    this.stacks = stacks;
    this.accepting = stacks.stream().anyMatch(stack -> stack.top == null);
  }

  /** Returns the text may end here. */
  public boolean accepting() {
    return accepting;
  }

  /** Returns whether a text of bytes of these groups only stands, however long, where it stood. */
  public boolean loopsOn(int groups) {
    return (groups & ~loops) == 0 && row != null;
  }

  /** Returns the terms that may come next. */
  public List<Term> nextTerms() {
    List<Term> terms = new ArrayList<>(stacks.size());
    for (Stack stack : stacks) {
      if (stack.top instanceof Term term) {
        terms.add(term);
      }
    }
    return terms;
  }
}

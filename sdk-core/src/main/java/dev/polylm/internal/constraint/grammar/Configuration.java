package dev.polylm.internal.constraint.grammar;

import dev.polylm.internal.constraint.term.Term;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a text in a grammar: all stacks that may still follow. {@link Automaton} makes each
 * configuration once, so it is a state of a deterministic automaton that grows as texts are read.
 */
public final class Configuration {
  /** Means that no text continues with any character of a class. */
  public static final Configuration NONE = new Configuration(List.of());

  /** Means that it depends on the character of a class how a text continues. */
  public static final Configuration MIXED = new Configuration(List.of());

  final List<Stack> stacks;
  private final boolean accepting;

  /**
   * The configuration after each byte, or null if no text continues with that byte. The array is
   * null until it is needed.
   */
  @Nullable Configuration @Nullable [] row;

  /**
   * The configuration after each class of characters, as far as it is known. The array is null
   * until it is needed.
   */
  @Nullable Configuration @Nullable [] byClass;

  /** The groups of bytes that do not change the configuration. They are set with the row. */
  int loops;

  Configuration(List<Stack> stacks) {
    this.stacks = stacks;
    this.accepting = stacks.stream().anyMatch(stack -> stack.top == null);
  }

  /** Returns true if the text may end here. */
  public boolean accepting() {
    return accepting;
  }

  /**
   * Returns whether a text of only these groups' bytes, of any length, does not change the
   * configuration.
   */
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

package dev.polylm.internal.constraint.grammar;

import dev.polylm.internal.constraint.term.Symbol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is still to come, the next symbol on top. {@link Automaton} makes each stack once. What
 * follows from a stack by rules alone is kept in it.
 */
final class Stack {
  final int id;

  /** The next symbol; null in the stack of nothing, after which the text may end. */
  final @Nullable Symbol top;

  final @Nullable Stack rest;
  @Nullable List<Stack> expanded;

  Stack(int id, @Nullable Symbol top, @Nullable Stack rest) {
    this.id = id;
    this.top = top;
    this.rest = rest;
  }
}

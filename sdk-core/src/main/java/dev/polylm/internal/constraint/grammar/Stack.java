package dev.polylm.internal.constraint.grammar;

import dev.polylm.internal.constraint.term.Symbol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The symbols that must still follow, the next one on top. {@link Automaton} makes each stack once,
 * and caches in it the stacks that rules make from it.
 */
final class Stack {
  final int id;

  /** The next symbol; null in the empty stack, where the text may end. */
  final @Nullable Symbol top;

  final @Nullable Stack rest;
  @Nullable List<Stack> expanded;

  Stack(int id, @Nullable Symbol top, @Nullable Stack rest) {
    this.id = id;
    this.top = top;
    this.rest = rest;
  }
}

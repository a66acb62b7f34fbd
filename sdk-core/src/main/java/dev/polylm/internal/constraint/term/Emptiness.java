package dev.polylm.internal.constraint.term;

import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.term.Term.Kind;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a term matches any text. The answer is exact, so that every offered path can
 * end. Only intersections and complements need a search through their derivatives. Its results are
 * kept. Not thread-safe.
 */
public final class Emptiness {
  private static final int STATES = 50_000;
  private static final byte UNKNOWN = 0;
  private static final byte LIVE = 1;
  private static final byte DEAD = 2;

  private final Derivatives derivatives;
  private byte[] known = new byte[256];

  public Emptiness(Derivatives derivatives) {
    this.derivatives = derivatives;
  }

  /**
   * Returns whether the term matches no text.
   *
   * @throws PolyLmException if the search is too large
   */
  public boolean isEmpty(Term term) {
    if (!term.bool) {
      return term == Terms.EMPTY;
    }
    if (term.nullable) {
      return false;
    }
    if (knownOf(term) == UNKNOWN) {
      mark(term, compute(term) ? DEAD : LIVE);
    }
    return knownOf(term) == DEAD;
  }

  private boolean compute(Term term) {
    return switch (term.kind) {
      case CONCATENATION -> anyPartEmpty(term);
      case ALTERNATION -> term.parts.stream().allMatch(this::isEmpty);
      case REPETITION -> term.min > 0 && isEmpty(term.first());
      case INTERSECTION, COMPLEMENT -> search(term);
      case EMPTY, EPSILON, BYTES, MULTIPLE -> throw new AssertionError("has no boolean parts");
    };
  }

  private boolean anyPartEmpty(Term concatenation) {
    Term rest = concatenation;
    while (rest.kind == Kind.CONCATENATION) {
      if (isEmpty(rest.first())) {
        return true;
      }
      rest = rest.second();
    }
    return isEmpty(rest);
  }

  /** Follows derivatives until one is known not to be empty. */
  private boolean search(Term start) {
    Map<Term, @Nullable Term> cameFrom = new HashMap<>();
    Deque<Term> queue = new ArrayDeque<>();
    cameFrom.put(start, null);
    queue.add(start);
    while (!queue.isEmpty()) {
      Term term = queue.remove();
      if (isLive(term)) {
        markLive(term, cameFrom);
        return false;
      }
      if (knownOf(term) != DEAD) {
        addNext(term, cameFrom, queue);
      }
    }
    cameFrom.keySet().forEach(term -> mark(term, DEAD));
    return true;
  }

  private boolean isLive(Term term) {
    if (term.nullable || knownOf(term) == LIVE) {
      return true;
    }
    boolean searched = term.kind == Kind.INTERSECTION || term.kind == Kind.COMPLEMENT;
    return !searched && !isEmpty(term);
  }

  private void addNext(Term term, Map<Term, @Nullable Term> cameFrom, Deque<Term> queue) {
    int[] representatives = derivatives.representatives(List.of(term));
    for (int b = 0; b < representatives.length; b++) {
      if (representatives[b] == b) {
        Term next = derivatives.of(term, b);
        if (next != Terms.EMPTY && !cameFrom.containsKey(next)) {
          cameFrom.put(next, term);
          queue.add(next);
        }
      }
    }
    if (cameFrom.size() > STATES) {
      throw new PolyLmException(
          String.format(
              Locale.ROOT,
              "the constraint is too large: an intersection in it has over %,d states",
              STATES));
    }
  }

  private void markLive(Term end, Map<Term, @Nullable Term> cameFrom) {
    for (@Nullable Term term = end; term != null; term = cameFrom.get(term)) {
      mark(term, LIVE);
    }
  }

  private byte knownOf(Term term) {
    if (!term.bool) {
      return term == Terms.EMPTY ? DEAD : LIVE;
    }
    return term.id < known.length ? known[term.id] : UNKNOWN;
  }

  private void mark(Term term, byte what) {
    if (term.id >= known.length) {
      known = Arrays.copyOf(known, Math.max(2 * known.length, term.id + 1));
    }
    known[term.id] = what;
  }
}

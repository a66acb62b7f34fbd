package dev.polylm.internal.constraint.term;

import dev.polylm.internal.constraint.term.Term.Kind;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds a shortest text that matches a term. Only intersections, complements and multiples need a
 * search through their derivatives. Results are kept. Not thread-safe.
 */
public final class ShortestText {
  private static final byte[] NOTHING = {};

  /** The bytes that are tried first, because a reader expects them rather than others. */
  private static final int[] PREFERRED = {'0', 'a', ' '};

  private final Terms terms;
  private final Derivatives derivatives;
  private final Emptiness emptiness;
  private final Map<Term, byte[]> known = new HashMap<>();

  public ShortestText(Terms terms, Derivatives derivatives, Emptiness emptiness) {
    this.terms = terms;
    this.derivatives = derivatives;
    this.emptiness = emptiness;
  }

  /**
   * Returns a shortest text of a term.
   *
   * @param term matches some text
   */
  public byte[] of(Term term) {
    if (term.nullable) {
      return NOTHING;
    }
    byte[] text = known.get(term);
    if (text == null) {
      terms.budget().step();
      text = compute(term);
      known.put(term, text);
    }
    return text;
  }

  private byte[] compute(Term term) {
    return switch (term.kind) {
      case BYTES -> new byte[] {(byte) firstOf(term)};
      case CONCATENATION -> ofConcatenation(term);
      case ALTERNATION -> ofAlternation(term);
      case REPETITION -> repeated(of(term.first()), term.min);
      case INTERSECTION, COMPLEMENT, MULTIPLE -> search(term);
      case EMPTY, EPSILON -> throw new IllegalArgumentException("the term matches no text");
    };
  }

  private static int firstOf(Term bytes) {
    for (int preferred : PREFERRED) {
      if (bytes.hasByte(preferred)) {
        return preferred;
      }
    }
    int b = 0;
    while (!bytes.hasByte(b)) {
      b++;
    }
    return b;
  }

  private byte[] ofConcatenation(Term term) {
    byte[] text = NOTHING;
    Term rest = term;
    while (rest.kind == Kind.CONCATENATION) {
      text = joined(text, of(rest.first()));
      rest = rest.second();
    }
    return joined(text, of(rest));
  }

  private byte[] ofAlternation(Term term) {
    byte @Nullable [] shortest = null;
    for (Term part : term.parts) {
      if (!emptiness.isEmpty(part)) {
        byte[] text = of(part);
        shortest = shortest == null || text.length < shortest.length ? text : shortest;
      }
    }
    return Objects.requireNonNull(shortest, "the term matches no text");
  }

  private static byte[] repeated(byte[] text, int times) {
    byte[] all = new byte[Math.multiplyExact(text.length, times)];
    for (int i = 0; i < times; i++) {
      System.arraycopy(text, 0, all, i * text.length, text.length);
    }
    return all;
  }

  /** Returns two texts as one. */
  public static byte[] joined(byte[] first, byte[] second) {
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** Follows derivatives, those of fewer bytes first. */
  private byte[] search(Term start) {
    Map<Term, byte[]> texts = new HashMap<>();
    Deque<Term> queue = new ArrayDeque<>();
    texts.put(start, NOTHING);
    queue.add(start);
    while (true) {
      Term term = queue.remove();
      byte[] text = Objects.requireNonNull(texts.get(term));
      if (term.nullable) {
        return text;
      }
      for (int b : tried(term)) {
        Term next = derivatives.of(term, b);
        if (!texts.containsKey(next) && !emptiness.isEmpty(next)) {
          texts.put(next, joined(text, new byte[] {(byte) b}));
          queue.add(next);
        }
      }
    }
  }

  /** Returns a byte of each class of bytes with the same derivative, a preferred one if it can. */
  private Collection<Integer> tried(Term term) {
    int[] representatives = derivatives.representatives(List.of(term));
    Map<Integer, Integer> byClass = new LinkedHashMap<>();
    for (int preferred : PREFERRED) {
      byClass.putIfAbsent(representatives[preferred], preferred);
    }
    for (int b = 0; b < representatives.length; b++) {
      byClass.putIfAbsent(representatives[b], b);
    }
    return byClass.values();
  }
}

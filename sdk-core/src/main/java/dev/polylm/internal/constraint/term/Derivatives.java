package dev.polylm.internal.constraint.term;

import static dev.polylm.internal.constraint.term.Terms.EMPTY;
import static dev.polylm.internal.constraint.term.Terms.EPSILON;

import dev.polylm.internal.constraint.term.Term.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brzozowski's derivatives (Derivatives of Regular Expressions, 1964): the rest of a term after a
 * byte. Each is computed once. Not thread-safe.
 */
public final class Derivatives {
  private final Terms terms;
  private final LongMap memo = new LongMap();
  private final ByteSet digits = ByteSet.range('0', '9');
  private final ByteSet point = ByteSet.range('.', '.');

  public Derivatives(Terms terms) {
    this.terms = terms;
  }

  /** Returns the number of kept derivatives. */
  public int size() {
    return memo.size();
  }

  /** Returns the term of the texts that match the given term when the byte is before them. */
  public Term of(Term term, int b) {
    switch (term.kind) {
      case EMPTY, EPSILON -> {
        return EMPTY;
      }
      case BYTES -> {
        return term.hasByte(b) ? EPSILON : EMPTY;
      }
      default -> {
        long key = (long) term.id << 8 | b;
        Term known = memo.get(key);
        if (known == null) {
          known = compute(term, b);
          memo.put(key, known);
        }
        return known;
      }
    }
  }

  private Term compute(Term term, int b) {
    terms.budget().step();
    return switch (term.kind) {
      case CONCATENATION -> ofConcatenation(term, b);
      case ALTERNATION -> terms.either(ofParts(term, b));
      case INTERSECTION -> ofIntersection(term, b);
      case COMPLEMENT -> terms.not(of(term.first(), b));
      case REPETITION -> terms.concat(of(term.first(), b), oneLess(term));
      case MULTIPLE -> ofMultiple(term, b);
      case EMPTY, EPSILON, BYTES -> throw new AssertionError("answered without a memo");
    };
  }

  /**
   * Returns the derivative of a concatenation. It uses a loop, not a recursion, because a pattern
   * may have thousands of parts that may all be empty.
   */
  private Term ofConcatenation(Term term, int b) {
    List<Term> alternatives = new ArrayList<>();
    Term rest = term;
    while (rest.kind == Kind.CONCATENATION) {
      alternatives.add(terms.concat(of(rest.first(), b), rest.second()));
      if (!rest.first().nullable) {
        return terms.either(alternatives);
      }
      rest = rest.second();
    }
    alternatives.add(of(rest, b));
    return terms.either(alternatives);
  }

  private List<Term> ofParts(Term term, int b) {
    List<Term> parts = new ArrayList<>(term.parts.size());
    for (Term part : term.parts) {
      parts.add(of(part, b));
    }
    return parts;
  }

  private Term ofIntersection(Term term, int b) {
    List<Term> parts = new ArrayList<>(term.parts.size());
    for (Term part : term.parts) {
      Term derivative = of(part, b);
      if (derivative == EMPTY) {
        return EMPTY;
      }
      parts.add(derivative);
    }
    return terms.both(parts);
  }

  /** Returns the repetition with one time less. */
  Term oneLess(Term repetition) {
    return terms.repeat(
        repetition.first(),
        Math.max(0, repetition.min - 1),
        repetition.max < 0 ? Term.UNBOUNDED : repetition.max - 1);
  }

  private Term ofMultiple(Term term, int b) {
    if (b == '.') {
      return term;
    }
    return digits.contains(b)
        ? terms.multiple(term.min, (int) ((10L * term.max + b - '0') % term.min))
        : EMPTY;
  }

  /** Returns whether the term matches the text. */
  public boolean matches(Term term, byte[] text) {
    Term rest = term;
    for (byte b : text) {
      rest = of(rest, Byte.toUnsignedInt(b));
    }
    return rest.nullable;
  }

  /** Returns for each byte the smallest byte that gives all terms the same derivative. */
  public int[] representatives(Collection<Term> all) {
    Set<ByteSet> sets = new HashSet<>();
    all.forEach(term -> addFirst(term, sets));
    int[] classes = new int[ByteSet.BYTES];
    int count = 1;
    for (ByteSet set : sets) {
      int[] split = new int[count];
      for (int b = 0; b < classes.length; b++) {
        if (set.contains(b)) {
          int old = classes[b];
          if (split[old] == 0) {
            split[old] = count++;
          }
          classes[b] = split[old];
        }
      }
    }
    int[] smallest = new int[count];
    Arrays.fill(smallest, -1);
    for (int b = 0; b < classes.length; b++) {
      int ofClass = classes[b];
      if (smallest[ofClass] < 0) {
        smallest[ofClass] = b;
      }
      classes[b] = smallest[ofClass];
    }
    return classes;
  }

  private void addFirst(Term term, Set<ByteSet> out) {
    Term rest = term;
    while (rest.kind == Kind.CONCATENATION) {
      addFirst(rest.first(), out);
      if (!rest.first().nullable) {
        return;
      }
      rest = rest.second();
    }
    @Nullable ByteSet bytes = rest.bytes;
    if (bytes != null) {
      out.add(bytes);
    } else if (rest.kind == Kind.MULTIPLE) {
      out.add(point);
      for (int digit = '0'; digit <= '9'; digit++) {
        out.add(ByteSet.range(digit, digit));
      }
    } else {
      rest.parts.forEach(part -> addFirst(part, out));
    }
  }
}

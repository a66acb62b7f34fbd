package dev.polylm.internal.constraint.term;

import dev.polylm.internal.constraint.term.Term.Form;
import dev.polylm.internal.constraint.term.Term.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The table that makes terms, each form once. Terms are simplified: nothing is unrolled,
 * alternatives are sorted and have no duplicates, {@code x|nothing} becomes {@code x}. So the set
 * of derivatives of a term is finite and small. Not thread-safe.
 */
public final class Terms {
  public static final Term EMPTY = new Term(0, Form.of(Kind.EMPTY, List.of()), false, false);
  public static final Term EPSILON = new Term(1, Form.of(Kind.EPSILON, List.of()), true, false);

  /** Every text. */
  public static final Term ANYTHING =
      new Term(2, Form.of(Kind.COMPLEMENT, List.of(EMPTY)), true, true);

  private static final int FIRST_ID = 3;
  private static final Comparator<Term> BY_ID = Comparator.comparingInt(term -> term.id);

  private final Map<Form, Term> byForm;
  private final Budget budget;

  /** The terms of single bytes, because most terms are made of them. */
  private final @Nullable Term[] ofByte = new Term[ByteSet.BYTES];

  public Terms(Budget budget) {
    this.byForm = new HashMap<>();
    this.budget = budget;
  }

  /** Makes a table with the terms of another. It then grows independently. */
  public Terms(Terms other, Budget budget) {
    this.byForm = new HashMap<>(other.byForm);
    this.budget = budget;
  }

  /** Returns how many terms the table has made. */
  public int size() {
    return byForm.size();
  }

  public Budget budget() {
    return budget;
  }

  private Term intern(Form form, boolean nullable, boolean bool) {
    Term known = byForm.get(form);
    if (known != null) {
      return known;
    }
    budget.checkTerms(byForm.size());
    Term term = new Term(FIRST_ID + byForm.size(), form, nullable, bool);
    byForm.put(form, term);
    return term;
  }

  /** Returns a term for one byte from low to high. */
  public Term range(int low, int high) {
    if (low != high) {
      return low > high ? EMPTY : bytes(ByteSet.range(low, high));
    }
    Term term = ofByte[low];
    if (term == null) {
      term = bytes(ByteSet.range(low, low));
      ofByte[low] = term;
    }
    return term;
  }

  private Term bytes(ByteSet set) {
    return intern(new Form(Kind.BYTES, set, List.of(), 0, 0), false, false);
  }

  /** Returns a term for these bytes in this order. */
  public Term literal(byte[] text) {
    Term term = EPSILON;
    for (int i = text.length - 1; i >= 0; i--) {
      int b = Byte.toUnsignedInt(text[i]);
      term = concat(range(b, b), term);
    }
    return term;
  }

  /** Returns a term for these ASCII characters. */
  public Term literal(String ascii) {
    Term term = EPSILON;
    for (int i = ascii.length() - 1; i >= 0; i--) {
      term = concat(range(ascii.charAt(i), ascii.charAt(i)), term);
    }
    return term;
  }

  public Term concat(Term first, Term second) {
    if (first == EMPTY || second == EMPTY) {
      return EMPTY;
    }
    if (first == EPSILON) {
      return second;
    }
    if (second == EPSILON) {
      return first;
    }
    return intern(
        Form.of(Kind.CONCATENATION, List.of(first, second)),
        first.nullable && second.nullable,
        first.bool || second.bool);
  }

  public Term concat(Term... terms) {
    Term all = EPSILON;
    for (int i = terms.length - 1; i >= 0; i--) {
      all = concat(terms[i], all);
    }
    return all;
  }

  public Term either(Term... terms) {
    return either(List.of(terms));
  }

  /** Returns a term for any of the terms. Sets of bytes join into one. */
  public Term either(List<Term> terms) {
    if (terms.size() == 1) {
      return terms.get(0);
    }
    SortedSet<Term> parts = new TreeSet<>(BY_ID);
    @Nullable ByteSet set = null;
    for (Term term : flattened(Kind.ALTERNATION, terms)) {
      if (term.kind == Kind.BYTES && term.bytes != null) {
        set = set == null ? term.bytes : set.union(term.bytes);
      } else if (term != EMPTY) {
        parts.add(term);
      }
    }
    if (set != null) {
      parts.add(bytes(set));
    }
    if (parts.contains(ANYTHING)) {
      return ANYTHING;
    }
    boolean nullable = parts.stream().anyMatch(part -> part != EPSILON && part.nullable);
    if (nullable) {
      parts.remove(EPSILON);
    }
    return joined(Kind.ALTERNATION, parts, EMPTY, nullable || parts.contains(EPSILON));
  }

  public Term optional(Term term) {
    return either(EPSILON, term);
  }

  public Term both(Term... terms) {
    return both(List.of(terms));
  }

  /** Returns a term for texts that match all of the terms. */
  public Term both(List<Term> terms) {
    SortedSet<Term> parts = new TreeSet<>(BY_ID);
    parts.addAll(flattened(Kind.INTERSECTION, terms));
    parts.remove(ANYTHING);
    if (parts.contains(EMPTY)) {
      return EMPTY;
    }
    boolean nullable = parts.stream().allMatch(Term::nullable);
    if (parts.contains(EPSILON)) {
      return nullable ? EPSILON : EMPTY;
    }
    for (Term part : parts) {
      if (part.kind == Kind.COMPLEMENT && parts.contains(part.first())) {
        return EMPTY;
      }
    }
    return joined(Kind.INTERSECTION, parts, ANYTHING, nullable);
  }

  private static List<Term> flattened(Kind kind, List<Term> terms) {
    List<Term> flat = new ArrayList<>(terms.size());
    Deque<Term> left = new ArrayDeque<>(terms);
    while (!left.isEmpty()) {
      Term term = left.pop();
      if (term.kind == kind) {
        term.parts.forEach(left::push);
      } else {
        flat.add(term);
      }
    }
    return flat;
  }

  private Term joined(Kind kind, SortedSet<Term> parts, Term ofNone, boolean nullable) {
    if (parts.size() <= 1) {
      return parts.isEmpty() ? ofNone : parts.first();
    }
    boolean bool = kind == Kind.INTERSECTION || parts.stream().anyMatch(part -> part.bool);
    return intern(Form.of(kind, List.copyOf(parts)), nullable, bool);
  }

  /** Returns a term for every text that the term does not match. */
  public Term not(Term term) {
    if (term == EMPTY) {
      return ANYTHING;
    }
    if (term.kind == Kind.COMPLEMENT) {
      return term.first();
    }
    return intern(Form.of(Kind.COMPLEMENT, List.of(term)), !term.nullable, true);
  }

  /** Returns the term min to max times. A negative max means no limit. */
  public Term repeat(Term term, int min, int max) {
    if (max == 0 || term == EPSILON) {
      return EPSILON;
    }
    if (term == EMPTY) {
      return min == 0 ? EPSILON : EMPTY;
    }
    if (min == 1 && max == 1) {
      return term;
    }
    int least = term.nullable ? 0 : min;
    int most = max < 0 ? Term.UNBOUNDED : max;
    return intern(
        new Form(Kind.REPETITION, null, List.of(term), least, most), least == 0, term.bool);
  }

  public Term star(Term term) {
    return repeat(term, 0, Term.UNBOUNDED);
  }

  /**
   * Returns a term for digits, with or without a point, whose number without the point is a
   * multiple.
   */
  public Term multiple(int of) {
    return multiple(of, 0);
  }

  Term multiple(int of, int remainder) {
    return intern(new Form(Kind.MULTIPLE, null, List.of(), of, remainder), remainder == 0, false);
  }
}

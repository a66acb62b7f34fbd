package dev.polylm.internal.constraint.term;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Treats anchors as letters. A pattern is read over texts that begin with {@link #BEGIN} and end
 * with {@link #END}, two bytes that UTF-8 doesn't have. {@code ^} and {@code $} are those letters,
 * and may be anywhere. Then the letters are removed: a derivative removes the first, {@link
 * #withoutEnd} removes the last. A text that still contains one is not valid.
 */
final class Anchors {
  static final int BEGIN = 0xFF;
  static final int END = 0xFE;

  private final Terms terms;
  private final Derivatives derivatives;

  Anchors(Terms terms) {
    this.terms = terms;
    this.derivatives = new Derivatives(terms);
  }

  Term begin() {
    return terms.range(BEGIN, BEGIN);
  }

  Term end() {
    return terms.range(END, END);
  }

  /** Returns the texts of a pattern over marked texts. */
  Term unmarked(Term marked) {
    return withoutMarks(withoutEnd(derivatives.of(marked, BEGIN)), new HashMap<>());
  }

  /** Returns true if the term matches no character and crosses the beginning. */
  boolean isOnlyBegin(Term term) {
    return derivatives.of(term, BEGIN).nullable;
  }

  /** Returns true if the term may cross the beginning before it matches a character. */
  boolean mayStart(Term term) {
    return derivatives.of(term, BEGIN) != Terms.EMPTY;
  }

  /** Returns true if the term matches no character and crosses the end. */
  boolean isOnlyEnd(Term term) {
    return derivatives.of(term, END).nullable;
  }

  /** Returns the texts that match the term when the end's mark follows them. */
  private Term withoutEnd(Term term) {
    return switch (term.kind) {
      case EMPTY, EPSILON, MULTIPLE -> Terms.EMPTY;
      case BYTES -> term.hasByte(END) ? Terms.EPSILON : Terms.EMPTY;
      case CONCATENATION -> withoutEndOfAll(term);
      case ALTERNATION -> terms.either(term.parts.stream().map(this::withoutEnd).toList());
      case INTERSECTION -> terms.both(term.parts.stream().map(this::withoutEnd).toList());
      case COMPLEMENT -> terms.not(withoutEnd(term.first()));
      case REPETITION -> terms.concat(oneLess(term), withoutEnd(term.first()));
    };
  }

  /**
   * Removes the end from a concatenation, from the last part to the first. It uses a loop, because
   * a pattern may have thousands of parts.
   */
  private Term withoutEndOfAll(Term concatenation) {
    Deque<Term> firsts = new ArrayDeque<>();
    Term rest = firstsOf(concatenation, firsts);
    Term without = withoutEnd(rest);
    while (!firsts.isEmpty()) {
      Term first = firsts.pop();
      without = terms.concat(first, without);
      if (rest.nullable) {
        without = terms.either(without, withoutEnd(first));
      }
      rest = terms.concat(first, rest);
    }
    return without;
  }

  /** Puts all parts but the last on a stack, and returns the last. */
  private static Term firstsOf(Term concatenation, Deque<Term> firsts) {
    Term rest = concatenation;
    while (rest.kind == Term.Kind.CONCATENATION) {
      firsts.push(rest.first());
      rest = rest.second();
    }
    return rest;
  }

  private Term oneLess(Term repetition) {
    int max = repetition.max < 0 ? Term.UNBOUNDED : repetition.max - 1;
    return terms.repeat(repetition.first(), Math.max(0, repetition.min - 1), max);
  }

  private Term withoutMarks(Term term, Map<Term, Term> done) {
    Term known = done.get(term);
    if (known == null) {
      known = removeMarks(term, done);
      done.put(term, known);
    }
    return known;
  }

  private Term removeMarks(Term term, Map<Term, Term> done) {
    if (term.kind == Term.Kind.CONCATENATION) {
      Deque<Term> firsts = new ArrayDeque<>();
      Term without = withoutMarks(firstsOf(term, firsts), done);
      while (!firsts.isEmpty()) {
        without = terms.concat(withoutMarks(firsts.pop(), done), without);
      }
      return without;
    }
    List<Term> parts = term.parts.stream().map(part -> withoutMarks(part, done)).toList();
    return switch (term.kind) {
      case BYTES -> term.hasByte(BEGIN) || term.hasByte(END) ? unmarkedBytes(term) : term;
      case ALTERNATION -> terms.either(parts);
      case INTERSECTION -> terms.both(parts);
      case COMPLEMENT -> terms.not(parts.get(0));
      case REPETITION -> terms.repeat(parts.get(0), term.min, term.max);
      case EMPTY, EPSILON, MULTIPLE, CONCATENATION -> term;
    };
  }

  /**
   * Removes marks from a set of bytes. Sets join in alternatives, so a set may contain a mark and
   * other bytes.
   */
  private Term unmarkedBytes(Term term) {
    Term rest = Terms.EMPTY;
    for (int b = 0; b < END; b++) {
      if (term.hasByte(b)) {
        rest = terms.either(rest, terms.range(b, b));
      }
    }
    return rest;
  }
}

package dev.polylm.internal.constraint.term;

import static dev.polylm.internal.constraint.term.Terms.EMPTY;
import static dev.polylm.internal.constraint.term.Terms.EPSILON;

import dev.polylm.internal.constraint.term.Term.Form;
import dev.polylm.internal.constraint.term.Term.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rest of a term after any character of a {@link PlainClasses class}. Thousands of pieces that
 * differ only within classes are then tried at once. Each rest is computed once. Not thread-safe.
 */
public final class ClassDerivatives {
  /** Stands for a rest that is not the same after all characters of the class. */
  private static final Term MIXED = new Term(-1, Form.of(Kind.EMPTY, List.of()), false, false);

  private static final int LAST_ASCII = 0x7F;
  private static final int LAST_BYTE = 0xFF;

  private final Terms terms;
  private final Derivatives derivatives;
  private final Emptiness emptiness;
  private final LongMap memo = new LongMap();

  public ClassDerivatives(Terms terms, Derivatives derivatives, Emptiness emptiness) {
    this.terms = terms;
    this.derivatives = derivatives;
    this.emptiness = emptiness;
  }

  /** Returns the number of kept rests. */
  public int size() {
    return memo.size();
  }

  /**
   * Returns the rest of the term after each character of the class, or null if it may not be the
   * same after all of them.
   */
  public @Nullable Term of(Term term, int ofClass) {
    Term rest = rest(term, ofClass);
    return rest == MIXED ? null : rest;
  }

  private Term rest(Term term, int ofClass) {
    if (PlainClasses.isCharacter(ofClass)) {
      return derivatives.of(term, ofClass);
    }
    long key = (long) term.id << 8 | ofClass;
    Term known = memo.get(key);
    if (known == null) {
      known = compute(term, ofClass);
      memo.put(key, known);
    }
    return known;
  }

  private Term compute(Term term, int ofClass) {
    terms.budget().step();
    return switch (term.kind) {
      case EMPTY, EPSILON -> EMPTY;
      case BYTES -> afterByte(term, ofClass);
      case CONCATENATION -> isSequence(term) ? afterSet(term, ofClass) : afterFirst(term, ofClass);
      case ALTERNATION -> afterAny(term, ofClass);
      case INTERSECTION -> afterAll(term, ofClass);
      case COMPLEMENT -> afterNot(term, ofClass);
      case REPETITION -> followed(rest(term.first(), ofClass), derivatives.oneLess(term));
      case MULTIPLE -> PlainClasses.members(ofClass).contains('0') ? MIXED : EMPTY;
    };
  }

  private Term followed(Term rest, Term following) {
    return rest == MIXED ? MIXED : terms.concat(rest, following);
  }

  private Term afterByte(Term term, int ofClass) {
    CodePoints members = PlainClasses.members(ofClass);
    boolean ascii = PlainClasses.isAscii(ofClass);
    boolean all = ascii;
    boolean none = true;
    for (int b = 0; b <= LAST_BYTE; b++) {
      boolean begins = ascii ? members.contains(b) : b > LAST_ASCII;
      all &= !begins || term.hasByte(b);
      none &= !begins || !term.hasByte(b);
    }
    return none ? EMPTY : all ? EPSILON : MIXED;
  }

  private Term afterFirst(Term term, int ofClass) {
    List<Term> alternatives = new ArrayList<>();
    Term rest = term;
    boolean nullable = true;
    while (nullable && rest.kind == Kind.CONCATENATION) {
      Term left = followed(rest(rest.first(), ofClass), rest.second());
      if (left == MIXED) {
        return MIXED;
      }
      alternatives.add(left);
      nullable = rest.first().nullable;
      rest = rest.second();
    }
    Term last = nullable ? rest(rest, ofClass) : EMPTY;
    alternatives.add(last);
    return last == MIXED ? MIXED : terms.either(alternatives);
  }

  /** Joins the sequences of bytes, because together they may be all characters of a class. */
  private Term afterAny(Term alternation, int ofClass) {
    List<Term> sequences = new ArrayList<>();
    List<Term> alternatives = new ArrayList<>();
    for (Term part : alternation.parts) {
      if (isSequence(part)) {
        sequences.add(part);
      } else {
        alternatives.add(rest(part, ofClass));
      }
    }
    alternatives.add(
        sequences.size() == alternation.parts.size()
            ? afterSet(alternation, ofClass)
            : rest(terms.either(sequences), ofClass));
    return alternatives.contains(MIXED) ? MIXED : terms.either(alternatives);
  }

  private static boolean isSequence(Term term) {
    Term rest = term;
    while (rest.kind == Kind.CONCATENATION && rest.first().kind == Kind.BYTES) {
      rest = rest.second();
    }
    return rest.kind == Kind.BYTES;
  }

  /** Returns what may follow a set of texts. Each text is a sequence of bytes. */
  private Term afterSet(Term set, int ofClass) {
    Term character = Utf8Terms.of(terms, PlainClasses.members(ofClass));
    if (isEmpty(set, terms.concat(character, Terms.ANYTHING))) {
      return EMPTY;
    }
    Term more = terms.concat(character, terms.range(0, LAST_BYTE), Terms.ANYTHING);
    return isEmpty(character, terms.not(set)) && isEmpty(set, more) ? EPSILON : MIXED;
  }

  private boolean isEmpty(Term a, Term b) {
    return emptiness.isEmpty(terms.both(a, b));
  }

  private Term afterAll(Term intersection, int ofClass) {
    List<Term> rests = new ArrayList<>();
    for (Term part : intersection.parts) {
      Term rest = rest(part, ofClass);
      if (rest == EMPTY) {
        return EMPTY;
      }
      rests.add(rest);
    }
    return rests.contains(MIXED) ? MIXED : terms.both(rests);
  }

  private Term afterNot(Term complement, int ofClass) {
    Term rest = rest(complement.first(), ofClass);
    return rest == MIXED ? MIXED : terms.not(rest);
  }
}

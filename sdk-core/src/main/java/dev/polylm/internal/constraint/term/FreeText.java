package dev.polylm.internal.constraint.term;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polylm.internal.constraint.term.Term.Kind;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds how far a term allows any plain text. Most of an answer in JSON is plain text, and so are
 * most pieces of a vocabulary. If the limit is known, thousands of pieces need not be tried one by
 * one. Not thread-safe.
 */
public final class FreeText {
  public static final int ENDLESS = Integer.MAX_VALUE;

  /** Means that the length is not known, or that only some plain texts may come. */
  public static final int UNKNOWN = -1;

  /**
   * The characters that a JSON string contains unescaped, without those that {@code .} does not
   * match.
   */
  private static final CodePoints PLAIN =
      CodePoints.range(' ', Character.MAX_CODE_POINT)
          .without(CodePoints.ranges('"', '"', '\\', '\\', 0x2028, 0x2029));

  private final Terms terms;
  private final Emptiness emptiness;
  private final Term plain;
  private final Map<Term, Boolean> takesAnyCharacter = new HashMap<>();
  private final Map<Term, Boolean> takesOneCharacter = new HashMap<>();
  private final Map<Term, Boolean> startsPlain = new HashMap<>();
  private final Map<Term, Boolean> endless = new HashMap<>();
  private final Map<Term, Boolean> mayBeEndless = new HashMap<>();

  public FreeText(Terms terms, Emptiness emptiness) {
    this.terms = terms;
    this.emptiness = emptiness;
    this.plain = Utf8Terms.of(terms, PLAIN);
  }

  /** Returns a term for plain text of any length. */
  public static Term anyPlainText(Terms terms) {
    return terms.star(Utf8Terms.of(terms, PLAIN));
  }

  /**
   * Returns the number of characters of a piece, or 0 if it is not plain text of whole characters.
   */
  public static int characters(byte[] piece) {
    CharBuffer text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(piece));
    } catch (CharacterCodingException e) {
      return 0;
    }
    boolean allPlain = text.codePoints().allMatch(PLAIN::contains);
    return allPlain ? (int) text.codePoints().count() : 0;
  }

  /**
   * Returns the number of characters up to which every plain text may come next, and beyond which
   * none may.
   *
   * @param next the terms any of which may come next
   * @param alone true if only these terms may come next
   */
  public int length(List<Term> next, boolean alone) {
    for (Term term : next) {
      if (isEndless(term)) {
        return ENDLESS;
      }
    }
    return next.size() == 1 && alone ? boundedLength(next.get(0)) : UNKNOWN;
  }

  /** Returns false if the form of the terms shows that no text of theirs is longer than a limit. */
  public boolean mayBeEndless(List<Term> next) {
    return next.stream().anyMatch(this::mayBeEndless);
  }

  private boolean mayBeEndless(Term term) {
    Boolean known = mayBeEndless.get(term);
    if (known == null) {
      known = computeMayBeEndless(term);
      mayBeEndless.put(term, known);
    }
    return known;
  }

  private boolean computeMayBeEndless(Term term) {
    return switch (term.kind) {
      case EMPTY, EPSILON, BYTES -> false;
      case MULTIPLE, COMPLEMENT -> true;
      case REPETITION -> term.max < 0 || mayBeEndless(term.first());
      case CONCATENATION -> anyPartMayBeEndless(term);
      case ALTERNATION -> term.parts.stream().anyMatch(this::mayBeEndless);
      case INTERSECTION -> term.parts.stream().allMatch(this::mayBeEndless);
    };
  }

  private boolean anyPartMayBeEndless(Term concatenation) {
    Term rest = concatenation;
    while (rest.kind == Kind.CONCATENATION) {
      if (mayBeEndless(rest.first())) {
        return true;
      }
      rest = rest.second();
    }
    return mayBeEndless(rest);
  }

  private int boundedLength(Term term) {
    boolean more = term.kind == Kind.CONCATENATION;
    Term head = more ? term.first() : term;
    if (head.kind != Kind.REPETITION || head.max < 0 || (more && startsPlain(term.second()))) {
      return UNKNOWN;
    }
    Term character = head.first();
    return takesAnyCharacter(character) && takesOneCharacter(character) ? head.max : UNKNOWN;
  }

  /** Judges a term by its form. If the form does not show it, pieces are tried one by one. */
  private boolean isEndless(Term term) {
    Boolean known = endless.get(term);
    if (known == null) {
      known = computeEndless(term);
      endless.put(term, known);
    }
    return known;
  }

  private boolean computeEndless(Term term) {
    return switch (term.kind) {
      case REPETITION -> term.max < 0 && takesAnyCharacter(term.first());
      case CONCATENATION -> isEndless(term.first()) && !emptiness.isEmpty(term.second());
      case ALTERNATION -> term.parts.stream().anyMatch(this::isEndless);
      case INTERSECTION -> isAllButFew(term);
      case COMPLEMENT -> isFinite(term.first());
      case EMPTY, EPSILON, BYTES, MULTIPLE -> false;
    };
  }

  /**
   * Returns true if the term excludes only finitely many texts. A longer text can always avoid
   * those.
   */
  private boolean isAllButFew(Term intersection) {
    int open = 0;
    for (Term part : intersection.parts) {
      if (part.kind == Kind.REPETITION && isEndless(part)) {
        open++;
      } else if (part.kind != Kind.COMPLEMENT || !isFinite(part.first())) {
        return false;
      }
    }
    return open <= 1;
  }

  private static boolean isFinite(Term term) {
    return switch (term.kind) {
      case EMPTY, EPSILON, BYTES -> true;
      case CONCATENATION -> finiteParts(term);
      case ALTERNATION -> term.parts.stream().allMatch(FreeText::isFinite);
      case REPETITION -> term.max >= 0 && isFinite(term.first());
      case INTERSECTION, COMPLEMENT, MULTIPLE -> false;
    };
  }

  private static boolean finiteParts(Term concatenation) {
    Term rest = concatenation;
    while (rest.kind == Kind.CONCATENATION) {
      if (!isFinite(rest.first())) {
        return false;
      }
      rest = rest.second();
    }
    return isFinite(rest);
  }

  private boolean takesAnyCharacter(Term term) {
    return takesAnyCharacter.computeIfAbsent(
        term, t -> emptiness.isEmpty(terms.both(plain, terms.not(t))));
  }

  private boolean takesOneCharacter(Term term) {
    return takesOneCharacter.computeIfAbsent(
        term, t -> emptiness.isEmpty(terms.both(t, terms.repeat(plain, 2, Term.UNBOUNDED))));
  }

  private boolean startsPlain(Term term) {
    return startsPlain.computeIfAbsent(
        term,
        t -> t.nullable || !emptiness.isEmpty(terms.both(t, terms.concat(plain, Terms.ANYTHING))));
  }
}

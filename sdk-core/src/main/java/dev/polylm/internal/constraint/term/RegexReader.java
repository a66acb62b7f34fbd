package dev.polylm.internal.constraint.term;

import dev.polylm.PolyLmException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Converts regular expressions of ECMA-262, with its {@code u} flag, to terms. It refuses what
 * terms can't express exactly: back references, {@code \b}, lookbehind, and a lookahead inside a
 * group that is not the whole of an alternative.
 */
public final class RegexReader {
  private static final int MAX_LENGTH = 20_000;
  private static final int MAX_DEPTH = 100;
  private static final int MAX_REPETITION = 100_000;

  private final Terms terms;
  private final Spelling spelling;
  private final Anchors anchors;
  private final RegexScanner in;
  private int depth;

  /** A part of a pattern, and the anchors that a path through it may cross. */
  private record Part(Term term, boolean begin, boolean end) {
    static final Part NOTHING = new Part(Terms.EPSILON, false, false);
  }

  private RegexReader(Spelling spelling, String pattern) {
    this.terms = spelling.terms();
    this.spelling = spelling;
    this.anchors = new Anchors(terms);
    this.in = new RegexScanner(pattern);
  }

  /** Returns the texts in which the pattern is found, as JSON Schema's {@code pattern} says. */
  public static Term search(Spelling spelling, String pattern) {
    Term any = spelling.anyText();
    return read(spelling, pattern, any, any);
  }

  /** Returns the texts that match the pattern as a whole. */
  public static Term whole(Spelling spelling, String pattern) {
    return read(spelling, pattern, Terms.EPSILON, Terms.EPSILON);
  }

  private static Term read(Spelling spelling, String pattern, Term before, Term after) {
    if (pattern.length() > MAX_LENGTH) {
      throw new PolyLmException(
          "a pattern has %s characters, expected at most %s"
              .formatted(pattern.length(), MAX_LENGTH));
    }
    RegexReader reader = new RegexReader(spelling, pattern);
    Terms terms = spelling.terms();
    Anchors anchors = reader.anchors;
    Term suffix = terms.optional(terms.concat(after, anchors.end()));
    Part part = reader.alternatives(suffix);
    if (!reader.in.atEnd()) {
      throw reader.in.error("a ) without its (");
    }
    Term prefix = terms.optional(terms.concat(anchors.begin(), before));
    return anchors.unmarked(terms.concat(prefix, part.term));
  }

  /**
   * @param after the term for the rest of the text; lookaheads need it
   */
  private Part alternatives(Term after) {
    if (++depth > MAX_DEPTH) {
      throw in.error("more than %s nested groups".formatted(MAX_DEPTH));
    }
    Part all = alternative(after);
    while (in.take('|')) {
      Part next = alternative(after);
      all =
          new Part(terms.either(all.term, next.term), all.begin || next.begin, all.end || next.end);
    }
    depth--;
    return all;
  }

  /** Returns an alternative together with the rest of the text. */
  private Part alternative(Term after) {
    Deque<Object> items = new ArrayDeque<>();
    while (!in.atEnd() && in.peek() != '|' && in.peek() != ')') {
      items.push(in.atLookahead() ? lookahead() : quantified());
    }
    Part rest = Part.NOTHING;
    Term all = after;
    for (Object item : items) {
      if (item instanceof Part part) {
        checkAnchors(part, rest);
        rest =
            new Part(
                terms.concat(part.term, rest.term), part.begin || rest.begin, part.end || rest.end);
        all = terms.concat(part.term, all);
      } else if (item instanceof Lookahead look) {
        all = terms.both(look.holds ? look.part.term : terms.not(look.part.term), all);
        rest = new Part(rest.term, look.part.begin || rest.begin, look.part.end || rest.end);
      }
    }
    return new Part(all, rest.begin, rest.end);
  }

  private record Lookahead(Part part, boolean holds) {}

  private Lookahead lookahead() {
    if (depth > 1) {
      throw in.error("a lookahead inside a group");
    }
    boolean holds = in.startLookahead();
    Term rest = terms.optional(terms.concat(spelling.anyText(), anchors.end()));
    Part part = alternatives(rest);
    in.expect(')');
    return new Lookahead(part, holds);
  }

  /** Refuses two anchors of a kind on one path: they are one place, but would be two letters. */
  private void checkAnchors(Part first, Part rest) {
    boolean twoBegins =
        rest.begin && anchors.isOnlyBegin(first.term) && anchors.mayStart(rest.term);
    boolean twoEnds = first.end && rest.end && anchors.isOnlyEnd(rest.term);
    if (twoBegins || twoEnds || (first.end && rest.begin)) {
      throw in.error("an anchor after an anchor");
    }
  }

  private Part quantified() {
    Part part = atom();
    if (!in.atQuantifier()) {
      return part;
    }
    int[] bounds = in.quantifier(MAX_REPETITION);
    if ((bounds[1] < 0 || bounds[1] > 1) && mayCrossTwice(part)) {
      throw in.error("a repeated anchor");
    }
    if (in.atQuantifier()) {
      throw in.error("nothing to repeat");
    }
    return new Part(terms.repeat(part.term, bounds[0], bounds[1]), part.begin, part.end);
  }

  private boolean mayCrossTwice(Part part) {
    return (part.begin && anchors.isOnlyBegin(part.term))
        || (part.end && anchors.isOnlyEnd(part.term))
        || (part.begin && part.end);
  }

  private Part atom() {
    if (in.take('(')) {
      in.skipGroupName();
      Part group = alternatives(Terms.EPSILON);
      in.expect(')');
      return group;
    }
    if (in.take('^')) {
      return new Part(anchors.begin(), true, false);
    }
    if (in.take('$')) {
      return new Part(anchors.end(), false, true);
    }
    return new Part(spelling.of(in.characters()), false, false);
  }
}

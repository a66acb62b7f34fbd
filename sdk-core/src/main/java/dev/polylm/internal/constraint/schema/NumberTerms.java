package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.internal.constraint.schema.Clause.Bound;
import dev.polylm.internal.constraint.term.Term;
import dev.polylm.internal.constraint.term.Terms;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes terms for numbers over their digits. An integer is written without a point or an exponent.
 * Other numbers have exponents of up to two digits, and none if anything bounds them, so that
 * digits can be compared.
 */
final class NumberTerms {
  private static final int MAX_MULTIPLE = 1_000_000;
  private static final int MAX_PLACES = 9;

  private final Terms terms;
  private final Term digit;
  private final Term digits;
  private final Term notZero;
  private final Term minus;
  private final Term point;
  private final Term integer;
  private final Term decimal;

  /** Decimals whose digits after the point are not all zero. */
  private final Term fraction;

  NumberTerms(Terms terms) {
    this.terms = terms;
    digit = terms.range('0', '9');
    digits = terms.star(digit);
    notZero = terms.range('1', '9');
    minus = terms.literal("-");
    point = terms.literal(".");
    integer = terms.either(terms.literal("0"), terms.concat(notZero, digits));
    decimal =
        terms.concat(integer, terms.optional(terms.concat(point, terms.repeat(digit, 1, -1))));
    fraction = terms.concat(integer, point, digits, notZero, digits);
  }

  /**
   * @param types one or both of the number types
   */
  Term of(Conjunction conjunction, Set<JsonType> types) {
    List<JsonNode> excluded = conjunction.excluded().stream().filter(JsonNode::isNumber).toList();
    Bound lower = conjunction.lower();
    Bound upper = conjunction.upper();
    Term multiples = multiples(conjunction);
    boolean bounded =
        lower != null || upper != null || multiples != Terms.ANYTHING || !excluded.isEmpty();
    if (!bounded && types.size() == 2) {
      return free();
    }
    Term shape =
        types.size() == 2 ? decimal : types.contains(JsonType.INTEGER) ? integer : fraction;
    List<Term> positive = new ArrayList<>(List.of(shape, multiples));
    List<Term> negative = new ArrayList<>(List.of(shape, multiples, terms.not(zero())));
    addBounds(lower, upper, positive, negative);
    for (JsonNode value : excluded) {
      BigDecimal number = value.decimalValue();
      (number.signum() < 0 ? negative : positive).add(terms.not(spellings(number.abs())));
    }
    return terms.either(terms.both(positive), terms.concat(minus, terms.both(negative)));
  }

  private Term free() {
    Term sign = terms.optional(terms.either(terms.literal("+"), minus));
    Term exponent =
        terms.concat(
            terms.either(terms.literal("e"), terms.literal("E")),
            sign,
            terms.optional(notZero),
            digit);
    return terms.concat(terms.optional(minus), decimal, terms.optional(exponent));
  }

  private Term zero() {
    return spellings(BigDecimal.ZERO);
  }

  /** Returns all spellings of the number as a decimal. */
  private Term spellings(BigDecimal number) {
    Digits parts = Digits.of(number);
    Term zeros = terms.star(terms.literal("0"));
    Term tail = terms.concat(point, terms.literal(parts.fraction), zeros);
    return terms.concat(
        terms.literal(parts.integer), parts.fraction.isEmpty() ? terms.optional(tail) : tail);
  }

  private void addBounds(
      @Nullable Bound lower, @Nullable Bound upper, List<Term> positive, List<Term> negative) {
    if (lower != null) {
      addLower(lower, positive, negative);
    }
    if (upper != null) {
      Bound mirrored = new Bound(upper.value().negate(), upper.strict());
      addLower(mirrored, negative, positive);
    }
  }

  /**
   * Adds a lower bound. A positive bound limits the digits of one side from below. A negative bound
   * limits the digits of the other side from above.
   */
  private void addLower(Bound bound, List<Term> side, List<Term> otherSide) {
    BigDecimal value = bound.value();
    if (value.signum() > 0 || (value.signum() == 0 && bound.strict())) {
      side.add(atLeast(Digits.of(value), bound.strict()));
    }
    if (value.signum() >= 0) {
      Term onlyZero = value.signum() == 0 && !bound.strict() ? zero() : Terms.EMPTY;
      otherSide.add(onlyZero);
    } else {
      otherSide.add(atMost(Digits.of(value.negate()), bound.strict()));
    }
  }

  /** The digits before and after the point of a number that is not negative. */
  private record Digits(String integer, String fraction) {
    static Digits of(BigDecimal number) {
      String plain = number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
      int at = plain.indexOf('.');
      return at < 0
          ? new Digits(plain, "")
          : new Digits(plain.substring(0, at), plain.substring(at + 1));
    }
  }

  private Term anyFraction() {
    return terms.optional(terms.concat(point, digits));
  }

  /**
   * Returns the digits that are at least the bound's. It goes from the last digit to the first: a
   * greater digit decides, an equal digit leaves the decision open.
   */
  private Term atLeast(Digits bound, boolean strict) {
    Term equal = strict ? terms.concat(digits, notZero, digits) : digits;
    for (int i = bound.fraction.length() - 1; i >= 0; i--) {
      char c = bound.fraction.charAt(i);
      equal =
          terms.either(
              terms.concat(terms.range(c + 1, '9'), digits),
              terms.concat(terms.range(c, c), equal));
    }
    Term rest = terms.concat(point, equal);
    if (bound.fraction.isEmpty() && !strict) {
      rest = terms.optional(rest);
    }
    int length = bound.integer.length();
    for (int i = length - 1; i >= 0; i--) {
      char c = bound.integer.charAt(i);
      rest =
          terms.either(
              terms.concat(terms.range(c + 1, '9'), times(length - i - 1), anyFraction()),
              terms.concat(terms.range(c, c), rest));
    }
    Term longer = terms.concat(notZero, terms.repeat(digit, length, -1), anyFraction());
    return terms.either(longer, rest);
  }

  private Term atMost(Digits bound, boolean strict) {
    Term equal = strict ? Terms.EMPTY : terms.star(terms.literal("0"));
    for (int i = bound.fraction.length() - 1; i >= 0; i--) {
      char c = bound.fraction.charAt(i);
      equal =
          terms.either(
              Terms.EPSILON,
              terms.concat(terms.range('0', c - 1), digits),
              terms.concat(terms.range(c, c), equal));
    }
    boolean wholeFits = !bound.fraction.isEmpty() || !strict;
    Term fractions = terms.concat(point, equal);
    Term rest = wholeFits ? terms.optional(fractions) : fractions;
    int length = bound.integer.length();
    for (int i = length - 1; i >= 0; i--) {
      char c = bound.integer.charAt(i);
      rest =
          terms.either(
              terms.concat(terms.range('0', c - 1), times(length - i - 1), anyFraction()),
              terms.concat(terms.range(c, c), rest));
    }
    Term shorter =
        length == 1
            ? Terms.EMPTY
            : terms.concat(digit, terms.repeat(digit, 0, length - 2), anyFraction());
    return terms.either(shorter, rest);
  }

  private Term times(int count) {
    return terms.repeat(digit, count, count);
  }

  private Term multiples(Conjunction conjunction) {
    List<Term> all = new ArrayList<>();
    for (Clause clause : conjunction.clauses()) {
      BigDecimal of = clause.numbers().multipleOf();
      if (of != null) {
        all.add(multiples(of, Keywords.pointer(clause.pointer(), "multipleOf")));
      }
    }
    return terms.both(all);
  }

  /**
   * Returns the multiples of a number. With k places after the point, the digits must be a multiple
   * of {@code whole / gcd(whole, 10^(places - k))}.
   */
  private Term multiples(BigDecimal of, String pointer) {
    int places = Math.max(0, of.stripTrailingZeros().scale());
    if (places > MAX_PLACES) {
      throw Keywords.refused(pointer, "expected at most %s decimals".formatted(MAX_PLACES));
    }
    BigInteger whole = of.movePointRight(places).toBigIntegerExact();
    List<Term> alternatives = new ArrayList<>();
    for (int i = 0; i <= places; i++) {
      BigInteger scale = BigInteger.TEN.pow(places - i);
      BigInteger least = whole.divide(whole.gcd(scale));
      if (least.compareTo(BigInteger.valueOf(MAX_MULTIPLE)) > 0) {
        throw Keywords.refused(
            pointer,
            String.format(Locale.ROOT, "multiples of over %,d are not supported", MAX_MULTIPLE));
      }
      Term written = i == 0 ? integer : terms.concat(integer, point, times(i));
      alternatives.add(terms.both(written, terms.multiple(least.intValueExact())));
    }
    return terms.either(alternatives);
  }
}

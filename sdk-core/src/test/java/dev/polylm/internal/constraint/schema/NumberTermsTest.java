package dev.polylm.internal.constraint.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.constraint.Constraint;
import dev.polylm.internal.constraint.mask.Acceptance;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Bounds and multiples against the arithmetic of BigDecimal. */
final class NumberTermsTest {
  private static final List<String> BOUNDS =
      List.of("0", "1", "-1", "9", "10", "-10", "0.5", "-0.5", "1.05", "99.9", "-120.25", "1000");

  private final Random random = new Random(5);

  @Test
  void boundsHoldForEveryDecimal() {
    for (int i = 0; i < 60; i++) {
      String low = BOUNDS.get(random.nextInt(BOUNDS.size()));
      String high = BOUNDS.get(random.nextInt(BOUNDS.size()));
      BigDecimal lower = new BigDecimal(low);
      BigDecimal upper = new BigDecimal(high);
      if (lower.compareTo(upper) < 0) {
        check(
            "{\"type\":\"number\",\"minimum\":%s,\"exclusiveMaximum\":%s}".formatted(low, high),
            v -> v.compareTo(lower) >= 0 && v.compareTo(upper) < 0);
        check(
            "{\"type\":\"number\",\"exclusiveMinimum\":%s,\"maximum\":%s}".formatted(low, high),
            v -> v.compareTo(lower) > 0 && v.compareTo(upper) <= 0);
      }
    }
  }

  @Test
  void multiplesHoldForEveryDecimal() {
    for (String of : List.of("1", "3", "10", "0.5", "2.5", "0.03", "12", "1e2")) {
      BigDecimal divisor = new BigDecimal(of);
      check(
          "{\"type\":\"number\",\"multipleOf\":%s}".formatted(of),
          v -> v.remainder(divisor).signum() == 0 && isShort(v, divisor));
    }
  }

  /** A multiple is not written with more decimals than its divisor has. */
  private static boolean isShort(BigDecimal value, BigDecimal divisor) {
    return value.scale() <= Math.max(0, divisor.stripTrailingZeros().scale());
  }

  private void check(String schema, Predicate<BigDecimal> valid) {
    Constraint constraint = Constraint.jsonSchema(schema);
    for (String number : numbers()) {
      BigDecimal value = new BigDecimal(number);
      boolean negativeZero = number.startsWith("-") && value.signum() == 0;
      assertThat(Acceptance.accepts(constraint, number))
          .as(schema + " and " + number)
          .isEqualTo(!negativeZero && valid.test(value));
    }
  }

  private List<String> numbers() {
    List<String> numbers = new ArrayList<>(BOUNDS);
    numbers.addAll(List.of("-0", "0.0", "0.50", "1.050", "-0.0", "10.0", "99.90", "-120.250"));
    for (int i = 0; i < 30; i++) {
      String sign = random.nextBoolean() ? "-" : "";
      int whole = random.nextInt((int) Math.pow(10, random.nextInt(5)));
      String point =
          random.nextBoolean() ? "." + (random.nextInt(100) + 100 + "").substring(1) : "";
      numbers.add(sign + whole + point);
    }
    return numbers;
  }
}

package dev.polylm.internal.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.internal.constraint.grammar.Rule;
import dev.polylm.internal.constraint.mask.Acceptance;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Texts that somebody else wrote: a sentence or a constraint comes back, and nothing else. More of
 * them: {@code -Dpolylm.hostile.count=5000 -Dpolylm.hostile.seed=2}.
 */
final class HostileInputTest {
  private static final int COUNT = Integer.getInteger("polylm.hostile.count", 300);
  private final Random random = new Random(Integer.getInteger("polylm.hostile.seed", 1));

  private static final List<String> REGEX_PARTS =
      List.of(
          "a",
          "b",
          "(",
          ")",
          "(?:",
          "(?=",
          "(?!",
          "(?<n>",
          "[",
          "]",
          "[^",
          "-",
          "\\",
          "\\d",
          "\\w",
          "\\S",
          "\\p{L}",
          "\\u00",
          "\\x4",
          ".",
          "*",
          "+",
          "?",
          "{2,5}",
          "{0,1000}",
          "{99999}",
          "{,",
          "}",
          "|",
          "^",
          "$",
          "é",
          "\uD83D",
          "\\b",
          "\\1",
          "a{1000}",
          "(a|b)*");
  private static final List<String> GBNF_PARTS =
      List.of(
          "root ",
          "::= ",
          "\n",
          "x ",
          "y ",
          "\"a\" ",
          "\"",
          "[a-z] ",
          "[",
          "] ",
          "( ",
          ") ",
          "* ",
          "+ ",
          "? ",
          "{2,900} ",
          "| ",
          ". ",
          "#",
          "\\x",
          "root ::= x\n",
          "x ::= y \"b\"\n",
          "y ::= x | \"\"\n",
          "root ::= \"a\" root | \"b\"\n");
  private static final List<String> KEYWORDS =
      List.of(
          "type",
          "properties",
          "required",
          "items",
          "prefixItems",
          "minItems",
          "maxItems",
          "enum",
          "const",
          "anyOf",
          "oneOf",
          "allOf",
          "not",
          "if",
          "then",
          "else",
          "$ref",
          "pattern",
          "minLength",
          "maxLength",
          "minimum",
          "maximum",
          "multipleOf",
          "uniqueItems",
          "format",
          "patternProperties",
          "additionalProperties",
          "propertyNames",
          "minProperties",
          "maxProperties",
          "dependentRequired",
          "contains",
          "$defs",
          "unevaluatedProperties");

  @Test
  void aListOfVeryManyValuesIsRefused() {
    String values = "1,".repeat(10_000) + "2";
    assertThatThrownBy(() -> Constraint.jsonSchema("{\"items\":{\"enum\":[" + values + "]}}"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("schema, #/items/enum: has 10001 values, expected at most 10000");
  }

  @Test
  void everyTextEndsInASentenceOrAConstraint() {
    int compiled = 0;
    for (int i = 0; i < COUNT; i++) {
      compiled += attempt(Constraint::regex, joined(REGEX_PARTS));
      compiled += attempt(Constraint::grammar, "root ::= " + joined(GBNF_PARTS));
      compiled += attempt(Constraint::jsonSchema, schema(4));
    }
    assertThat(compiled).isGreaterThan(COUNT / 10);
  }

  private int attempt(Function<String, Constraint> compile, String text) {
    try {
      Constraint constraint = compile.apply(text);
      Acceptance.accepts(constraint, "{\"a\": [1, \"ab\"]}");
      Acceptance.accepts(constraint, "abaab");
      return 1;
    } catch (PolyLmException e) {
      assertThat(e).message().isNotBlank();
      return 0;
    }
  }

  private String joined(List<String> parts) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(14); length >= 0; length--) {
      text.append(parts.get(random.nextInt(parts.size())));
    }
    return text.toString();
  }

  private String schema(int depth) {
    StringBuilder schema = new StringBuilder("{");
    for (int i = random.nextInt(4); i >= 0; i--) {
      String keyword = KEYWORDS.get(random.nextInt(KEYWORDS.size()));
      if (schema.indexOf("\"" + keyword + "\"") < 0) {
        schema.append(schema.length() > 1 ? "," : "");
        schema.append('"').append(keyword).append("\":").append(value(depth - 1));
      }
    }
    return schema.append('}').toString();
  }

  private String value(int depth) {
    List<String> values =
        List.of(
            "1",
            "-2.5",
            "1e300",
            "1e-300",
            "1e99999",
            "0",
            "3",
            "4000000000",
            "true",
            "false",
            "null",
            "\"string\"",
            "\"object\"",
            "\"#\"",
            "\"#/not\"",
            "\"^[a-z]{3}$\"",
            "\"(\"",
            "\"date\"",
            "[\"a\",\"b\"]",
            "[]",
            "{}",
            "[\"integer\",\"array\"]");
    if (depth <= 0 || random.nextInt(3) == 0) {
      return values.get(random.nextInt(values.size()));
    }
    return switch (random.nextInt(3)) {
      case 0 -> schema(depth);
      case 1 -> "[" + schema(depth) + "," + schema(depth) + "]";
      default -> "{\"a\":" + schema(depth) + ",\"b\":" + schema(depth) + "}";
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a|b|ab)*c{1000}(?=x)", "(?=.*a{500})(?=.*b{500})(?=.*[ab]{700}c).{0,2000}",
        "((((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9}", "(?!.*(a.{40}b))(?=.*c.{50}d).*",
        "(a?){5000}a{5000}", "[\\p{L}\\p{N}]{1,50000}"
      })
  void costlyPatternsAreBounded(String pattern) {
    attempt(Constraint::regex, pattern);
  }

  /** Its looks at the clock were far apart, so it took over three seconds. */
  @Test
  void manyPlacesAtOnceAreBounded() {
    StringBuilder grammar = new StringBuilder("root ::= r0");
    for (int i = 1; i < 500; i++) {
      grammar.append(" | r").append(i);
    }
    for (int i = 0; i < 500; i++) {
      grammar.append("\nr%d ::= [a-z]+ r%d | [a-z] \"x%d\"".formatted(i, (i * 7 + 1) % 500, i));
    }
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long begun = clock.getCurrentThreadCpuTime();
    attempt(Constraint::grammar, grammar.toString());
    assertThat(Duration.ofNanos(clock.getCurrentThreadCpuTime() - begun))
        .isLessThan(Duration.ofMillis(2_500));
  }

  /** Together they would else take over a gigabyte. */
  @Test
  void onlyFewLargeConstraintsAreMadeAtOnce() throws Exception {
    int cores = Runtime.getRuntime().availableProcessors();
    AtomicInteger making = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(4 * cores);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 4 * cores; i++) {
      String own = "thread %d".formatted(i);
      all.add(
          threads.submit(
              () ->
                  ConstraintCompiler.rules(
                      own,
                      own,
                      grammar -> {
                        Rule root = grammar.rule("root");
                        grammar.add(root, grammar.terms().literal("a".repeat(5_000) + own));
                        most.accumulateAndGet(making.incrementAndGet(), Math::max);
                        grammar.add(root, grammar.terms().literal("b".repeat(100_000) + own));
                        making.decrementAndGet();
                        return root;
                      })));
    }
    for (Future<?> one : all) {
      one.get();
    }
    threads.shutdown();
    assertThat(most.get()).isBetween(1, cores);
  }

  @Test
  void lengthIsNoDepth() {
    String text = "a".repeat(19_000);
    assertThat(Acceptance.accepts(Constraint.regex("^" + text + "$"), "ab")).isFalse();
    assertThatThrownBy(() -> Constraint.regex("a" + "?".repeat(10_000)))
        .isInstanceOf(PolyLmException.class);
    assertThatThrownBy(() -> Constraint.grammar("root ::= \"a\"" + "*".repeat(10_000)))
        .isInstanceOf(PolyLmException.class);
    attempt(Constraint::grammar, "root ::= " + "\"a\" root | ".repeat(5_000));
    attempt(Constraint::grammar, "root ::= \"b\" | \"a\" root" + " \"c\" root?".repeat(5_000));
  }

  @Test
  void depthIsBounded() {
    String arrays = "{\"items\":".repeat(5_000) + "true" + "}".repeat(5_000);
    assertThatThrownBy(() -> Constraint.jsonSchema(arrays)).isInstanceOf(PolyLmException.class);
    String groups = "(".repeat(5_000) + ")".repeat(5_000);
    assertThatThrownBy(() -> Constraint.regex(groups)).isInstanceOf(PolyLmException.class);
    assertThatThrownBy(() -> Constraint.grammar("root ::= " + groups))
        .isInstanceOf(PolyLmException.class);
  }

  @Test
  void chainsOfReferencesAreBounded() {
    StringBuilder chain = new StringBuilder("{\"$ref\": \"#/$defs/d0\", \"$defs\": {");
    for (int i = 0; i < 3_000; i++) {
      chain.append("\"d%d\": {\"$ref\": \"#/$defs/d%d\"},".formatted(i, i + 1));
    }
    chain.append("\"d3000\": true}}");
    assertThatThrownBy(() -> Constraint.jsonSchema(chain.toString()))
        .isInstanceOf(PolyLmException.class)
        .message()
        .contains("form a circle, or follow one another too often");
  }

  @Test
  void combinationsAreBounded() {
    String choice = "{\"anyOf\": [{\"required\": [\"a\"]}, {\"required\": [\"b\"]}]}";
    String all = "{\"allOf\": [" + (choice + ",").repeat(39) + choice + "]}";
    assertThatThrownBy(() -> Constraint.jsonSchema(all))
        .isInstanceOf(PolyLmException.class)
        .message()
        .contains("combinations");
  }

  @Test
  void numbersAreBounded() {
    for (String number : List.of("1e1000000000", "-1e-1000000000", "1" + "0".repeat(900))) {
      assertThatThrownBy(() -> Constraint.jsonSchema("{\"maximum\": " + number + "}"))
          .isInstanceOf(PolyLmException.class);
    }
  }
}

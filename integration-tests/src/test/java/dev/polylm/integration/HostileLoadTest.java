package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Costly constraints of four threads at once, beside requests of others. More of them: {@code
 * -Dpolylm.hostile.load=400}.
 */
final class HostileLoadTest {
  private static final int COUNT = Integer.getInteger("polylm.hostile.load", 120);
  private static final int THREADS = 4;

  /** A second for making it, a second for its first mask, and what a look at the clock may miss. */
  private static final Duration BOUND = Duration.ofMillis(2_500);

  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to German.";

  private static final List<String> REGEXES =
      List.of(
          "(a+)+b",
          "(a|aa)+%d",
          "([a-zA-Z]+)*%d!",
          "(.*)*(.*)*(.*)*%d",
          "a{0,100000}%d",
          "(a{0,999}b?){0,999}%d",
          "(?:[a-z]{0,100000}[0-9]{0,100000}){0,100000}%d",
          "(a?){5000}a{5000}%d",
          "[\\p{L}\\p{N}\\p{P}]{1,50000}%d",
          "(?:\\p{Lu}\\p{Ll}*\\p{Zs}?){0,500}%d",
          "[^\\p{L}]*%d[\\u{1F600}-\\u{1F64F}]{3}",
          "(?=.*a.{40}b)(?=.*c.{50}d).*%d",
          "(?=.*a{500})(?=.*b{500})(?=.*[ab]{700}c).{0,2000}%d",
          "(?!.*(a.{40}b))(?=.*c.{50}d).*%d",
          "(?=[ab]*a[ab]{14}$)(?=[ab]*b[ab]{15}$)[ab]*",
          "(?=a)b%d",
          "(x%d",
          "((((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9}%d");

  private static final List<String> GRAMMARS =
      List.of(
          "root ::= root \"a%d\" | \"b\"",
          "root ::= x\nx ::= y \"%d\"\ny ::= x | \"\"",
          "root ::= x*\nx ::= y*\ny ::= \"a%d\"?",
          "root ::= (\"a\"? \"b\"? \"\")* \"%d\"",
          "root ::= \"a\" root \"a\" | \"b\" root \"b\" | \"%d\"",
          "root ::= \"a\" root | \"a\" root \"b\" | \"a\" root \"c\" | \"%d\"",
          "root ::= s{0,100000} \"%d\"\ns ::= [a-z] | \"ab\" | \"abc\" s",
          "root ::= \"(\" root \")\" root | \"[\" root \"]\" root | [a-z%d]?",
          "root ::= e\ne ::= t (\"+\" t)*\nt ::= f (\"*\" f)*\nf ::= \"(\" e \")\" | [0-9]+ \"%d\"?",
          "root ::= a%d");

  private final Random random = new Random(1);

  private List<Supplier<Constraint>> hostile() {
    List<Supplier<Constraint>> all = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      int number = i;
      String text =
          i % 3 == 0
              ? REGEXES.get(i / 3 % REGEXES.size()).replace("%d", "" + i)
              : i % 3 == 1
                  ? GRAMMARS.get(i / 3 % GRAMMARS.size()).replace("%d", "" + i)
                  : schema(i);
      all.add(
          switch (i % 3) {
            case 0 -> () -> Constraint.regex(text);
            case 1 -> () -> Constraint.grammar(text);
            default -> () -> Constraint.jsonSchema(text);
          });
      if (i % 40 == 0) {
        List<String> options = options(number);
        all.add(() -> Constraint.choice(options));
        all.add(() -> Constraint.containing(options.stream().limit(30).map(List::of).toList()));
      }
    }
    return all;
  }

  private List<String> options(int seed) {
    return IntStream.range(0, 3_000)
        .mapToObj(i -> "option " + seed + " " + Integer.toString(random.nextInt(1 << 30), 36))
        .toList();
  }

  private String schema(int i) {
    String name = "\"n%d\"".formatted(i);
    return switch (i / 3 % 12) {
      case 0 -> "{\"items\":".repeat(120) + "{\"const\":" + i + "}" + "}".repeat(120);
      case 1 -> object(2_000, "{\"type\":\"integer\",\"maximum\":%d}".formatted(i));
      case 2 -> "{\"type\":\"string\",\"minLength\":%d,\"maxLength\":100000}".formatted(i);
      case 3 -> "{\"type\":\"array\",\"maxItems\":100000,\"items\":{\"enum\":[" + name + ",1]}}";
      case 4 ->
          "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},"
              + "\"b\":{\"$ref\":\"#/$defs/a\",\"const\":"
              + i
              + "}}}";
      case 5 ->
          "{\"$defs\":{\"t\":{\"properties\":{"
              + name
              + ":{\"$ref\":\"#/$defs/t\"}}}},"
              + "\"allOf\":[{\"$ref\":\"#/$defs/t\"},{\"items\":{\"$ref\":\"#\"}}]}";
      case 6 ->
          "{\"patternProperties\":{\"^a\":{\"type\":\"integer\"},\"b$\":{\"minimum\":3},"
              + "\"[a-c]{2,9}\":{\"maximum\":9},\"c.*d\":{\"type\":\"string\"},"
              + name
              + ":true},\"additionalProperties\":false}";
      case 7 -> "{\"enum\":[" + numbers(i, 9_999) + "]}";
      case 8 -> "{\"type\":\"string\",\"enum\":[" + i + "]}";
      case 9 ->
          "{\"type\":\"string\",\"pattern\":\"^(a|b|ab)*c{1000}" + i + "$\",\"maxLength\":1500}";
      case 10 ->
          "{\"anyOf\":["
              + object(40, "{\"multipleOf\":" + (i + 1) + "}")
              + ","
              + object(41, "{\"not\":{\"multipleOf\":" + (i + 1) + "}}")
              + "]}";
      default ->
          "{\"type\":\"object\",\"required\":["
              + name
              + "],\"properties\":{"
              + name
              + ":{\"$ref\":\"#\"}}}";
    };
  }

  private static String object(int members, String schema) {
    return IntStream.range(0, members)
        .mapToObj(i -> "\"p%d\":%s".formatted(i, schema))
        .collect(Collectors.joining(",", "{\"properties\":{", "},\"additionalProperties\":false}"));
  }

  private static String numbers(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(","));
  }

  @Test
  void eachEndsWithinItsBoundAndOthersGetTheirAnswers() throws Exception {
    List<Supplier<Constraint>> hostile = hostile();
    GenerationRequest ordinary = GenerationRequest.ofPrompt(PROMPT);
    GenerationConfig few = GenerationConfig.builder().maxNewTokens(8).build();
    AtomicInteger next = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      int[] alone = ids(polyLm.generate(ordinary));
      List<Future<Integer>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        running.add(
            threads.submit(
                () -> {
                  int answered = 0;
                  for (int at = next.getAndIncrement();
                      at < hostile.size();
                      at = next.getAndIncrement()) {
                    answered += attempt(polyLm, hostile.get(at), few);
                  }
                  return answered;
                }));
      }
      int beside = 0;
      while (!running.stream().allMatch(Future::isDone)) {
        assertThat(ids(polyLm.generate(ordinary))).isEqualTo(alone);
        beside++;
      }
      int answered = 0;
      for (Future<Integer> one : running) {
        answered += one.get();
      }
      assertThat(answered).isBetween(hostile.size() / 3, hostile.size() - 20);
      assertThat(beside).isPositive();
    } finally {
      threads.shutdownNow();
    }
  }

  private static int[] ids(GenerationResult result) {
    return result.sequences().get(0).ids();
  }

  /** Returns 1 if an answer came, 0 if a sentence did. */
  private static int attempt(PolyLm polyLm, Supplier<Constraint> maker, GenerationConfig config) {
    long begun = CLOCK.getCurrentThreadCpuTime();
    Constraint constraint = null;
    try {
      constraint = maker.get();
      GenerationResult result =
          polyLm.generate(
              GenerationRequest.ofPrompt(PROMPT).withConfig(config).withConstraint(constraint));
      assertThat(result.sequences().get(0).finishReason())
          .isIn(FinishReason.LENGTH, FinishReason.CONSTRAINT, FinishReason.STOP_TOKEN);
      assertThat(Arrays.stream(ids(result)).count())
          .isLessThanOrEqualTo(config.maxNewTokens().orElseThrow());
      return 1;
    } catch (PolyLmException e) {
      assertThat(e).message().isNotBlank().doesNotContain("null");
      return 0;
    } finally {
      Duration taken = Duration.ofNanos(CLOCK.getCurrentThreadCpuTime() - begun);
      assertThat(taken).as("%s", constraint).isLessThan(BOUND);
    }
  }
}

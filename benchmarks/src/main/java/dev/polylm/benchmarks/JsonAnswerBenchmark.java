package dev.polylm.benchmarks;

import dev.polylm.PolyLm;
import dev.polylm.constraint.Constraint;
import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Measures what a token of a JSON answer costs, compared with one of a free answer. The answers
 * take turns, and the medians count.
 *
 * <p>Usage: {@code java -cp "benchmarks/target/classes:benchmarks/target/lib/*"
 * dev.polylm.benchmarks.JsonAnswerBenchmark [DIR [ROUNDS [TOKENS]]]}, where DIR is an exported
 * folder with its tokenizer; without it, polylm-tiny.
 */
public final class JsonAnswerBenchmark {
  /** One long text. The model chooses nearly each id, so this shows what masks cost. */
  private static final String TEXT =
      """
      {"type": "object", "properties": {"text": {"type": "string", "minLength": 20000}},
       "required": ["text"], "additionalProperties": false}\
      """;

  /** Names of members are forced, so drafts of forced text save steps. */
  private static final String RECORDS =
      """
      {"type": "array", "minItems": 1000, "items": {"type": "object", "properties": {
         "customerName": {"type": "string", "maxLength": 12},
         "deliveryAddress": {"type": "string", "maxLength": 12},
         "paymentReceived": {"type": "boolean"},
         "status": {"enum": ["ordered", "delivered"]}},
       "required": ["customerName", "deliveryAddress", "paymentReceived", "status"],
       "additionalProperties": false}}\
      """;

  private final PolyLm polyLm;
  private final int tokens;
  private final Constraint text = Constraint.jsonSchema(TEXT);
  private final Constraint records = Constraint.jsonSchema(RECORDS);

  JsonAnswerBenchmark(PolyLm polyLm, int tokens) {
    this.polyLm = polyLm;
    this.tokens = tokens;
  }

  /** Milliseconds a token, and what became of the drafts of forced text. */
  record Costs(double free, double text, double records, DraftCounts drafts) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "ms a token: free %.2f; a JSON text %.2f, %.3f times; JSON records %.2f, %.3f times, with"
              + " %d of %d drafted ids accepted",
          free,
          text,
          text / free,
          records,
          records / free,
          drafts.accepted(),
          drafts.drafted());
    }
  }

  public static void main(String[] args) {
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    int tokens = args.length > 2 ? Integer.parseInt(args[2]) : 128;
    try (PolyLm polyLm = args.length > 0 ? PolyLm.open(Path.of(args[0])) : PolyLm.openEmbedded()) {
      JsonAnswerBenchmark benchmark = new JsonAnswerBenchmark(polyLm, tokens);
      benchmark.measure(1); // warms up
      System.out.println(benchmark.measure(rounds));
    }
  }

  Costs measure(int rounds) {
    double[] free = new double[rounds];
    double[] ofText = new double[rounds];
    double[] ofRecords = new double[rounds];
    int drafted = 0;
    int accepted = 0;
    for (int round = 0; round < rounds; round++) {
      GenerationRequest request = request(round);
      free[round] = milliseconds(polyLm.generate(request));
      ofText[round] = milliseconds(polyLm.generate(request.withConstraint(text)));
      GenerationResult result = polyLm.generate(request.withConstraint(records));
      ofRecords[round] = milliseconds(result);
      drafted += result.draftCounts().drafted();
      accepted += result.draftCounts().accepted();
    }
    return new Costs(
        median(free), median(ofText), median(ofRecords), new DraftCounts(drafted, accepted));
  }

  private GenerationRequest request(int round) {
    int[] prompt = new int[16];
    Arrays.setAll(prompt, i -> 300 + 37 * i + 101 * round);
    return GenerationRequest.ofIds(prompt)
        .withConfig(GenerationConfig.builder().maxNewTokens(tokens).minNewTokens(tokens).build());
  }

  private static double milliseconds(GenerationResult result) {
    return result.timings().decode().toNanos() / 1e6 / (result.newTokens() - 1);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}

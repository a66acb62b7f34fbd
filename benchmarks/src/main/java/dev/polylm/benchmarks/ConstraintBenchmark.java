package dev.polylm.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.internal.constraint.mask.ConstraintDecoder;
import dev.polylm.internal.constraint.mask.Mask;
import dev.polylm.internal.constraint.mask.State;
import dev.polylm.internal.constraint.mask.TokenVocabulary;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Runs MaskBench (github.com/guidance-ai/jsonschemabench, maskbench/data): compiles each schema,
 * reads its valid instances id by id under masks, and finds out whether its invalid instances are
 * stopped.
 *
 * <p>Usage: {@code java -cp "benchmarks/target/classes:benchmarks/target/lib/*"
 * dev.polylm.benchmarks.ConstraintBenchmark TOKENIZER.model DATA [STEP]}, where STEP selects every
 * STEP-th schema. It measures the thread's own time.
 */
public final class ConstraintBenchmark {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final double MICRO = 1_000;

  /** Keeps numbers as they are written: in draft 4, 1.0 is no integer. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final TokenVocabulary vocabulary;
  private final ConstraintDecoder decoder;
  private final Map<String, Integer> idsByBytes = new HashMap<>();
  private int longestPiece;

  private final List<Long> maskTimes = new ArrayList<>();
  private final List<Long> compileTimes = new ArrayList<>();
  private final Map<String, Integer> refusals = new TreeMap<>();
  private int schemas;
  private int passed;
  private int stopped;
  private int letThrough;

  ConstraintBenchmark(TokenVocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.decoder = new ConstraintDecoder(vocabulary);
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.isText(id)) {
        byte[] bytes = vocabulary.bytes(id);
        idsByBytes.put(new String(bytes, ISO_8859_1), id);
        longestPiece = Math.max(longestPiece, bytes.length);
      }
    }
  }

  public static void main(String[] args) throws IOException {
    SentencePieceVocabulary vocabulary = SentencePieceVocabulary.read(Path.of(args[0]));
    int step = args.length > 2 ? Integer.parseInt(args[2]) : 1;
    // Other schemas warm up, because those that were compiled recently are not compiled again.
    new ConstraintBenchmark(vocabulary).runAll(Path.of(args[1]), step / 2, 16 * step);
    ConstraintBenchmark measured = new ConstraintBenchmark(vocabulary);
    measured.runAll(Path.of(args[1]), 0, step);
    System.out.println(measured.report());
  }

  private void runAll(Path folder, int first, int step) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.sorted().toList();
    }
    for (int i = first; i < files.size(); i += step) {
      run(read(files.get(i)));
    }
  }

  static JsonNode read(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  /** A schema with its instances, as in a file of MaskBench. */
  void run(JsonNode file) {
    schemas++;
    State begin;
    try {
      long start = now();
      Constraint constraint = Constraint.jsonSchema(file.get("schema"));
      compileTimes.add(now() - start);
      begin = decoder.begin(constraint, SentencePieceVocabulary.EOS);
    } catch (PolyLmException e) {
      refused(e);
      return;
    }
    try {
      runTests(begin, file.path("tests"));
    } catch (PolyLmException e) { // a mask would take too long
      refused(e);
    }
  }

  private void refused(PolyLmException e) {
    String why = String.valueOf(e.getMessage()).replaceAll("schema, [^:]*: |[0-9]+", "");
    refusals.merge(why, 1, Integer::sum);
  }

  private void runTests(State begin, JsonNode tests) {
    int wrong = stopped + letThrough;
    for (JsonNode test : tests) {
      boolean valid = test.get("valid").booleanValue();
      boolean accepted = accepts(begin, ids(test.get("data").toString()), valid);
      stopped += valid && !accepted ? 1 : 0;
      letThrough += accepted && !valid ? 1 : 0;
    }
    passed += wrong == stopped + letThrough ? 1 : 0;
  }

  private boolean accepts(State begin, int[] ids, boolean masked) {
    State state = begin;
    for (int id : ids) {
      if (masked) {
        long start = now();
        Mask mask = state.mask();
        maskTimes.add(now() - start);
        if (mask.allows(id) != state.allows(id)) {
          throw new IllegalStateException("mask and step differ at id " + id);
        }
      }
      if (!state.allows(id)) {
        return false;
      }
      state = state.after(id);
    }
    return state.mayEnd();
  }

  /** Splits a text into the longest pieces, from its beginning. */
  private int[] ids(String text) {
    String bytes = new String(text.getBytes(UTF_8), ISO_8859_1);
    List<Integer> ids = new ArrayList<>();
    for (int at = 0; at < bytes.length(); ) {
      int end = Math.min(bytes.length(), at + longestPiece);
      while (!idsByBytes.containsKey(bytes.substring(at, end))) {
        end--;
      }
      ids.add(idsByBytes.get(bytes.substring(at, end)));
      at = end;
    }
    return ids.stream().mapToInt(id -> id).toArray();
  }

  String report() {
    StringBuilder report = new StringBuilder();
    report.append(
        String.format(
            Locale.ROOT,
            "%d pieces; %d schemas, %d passed (%.1f%%); instances stopped %d, let through %d%n",
            vocabulary.size(),
            schemas,
            passed,
            100.0 * passed / schemas,
            stopped,
            letThrough));
    report.append("mask, us: ").append(quantiles(maskTimes)).append(System.lineSeparator());
    report.append("compile, us: ").append(quantiles(compileTimes)).append(System.lineSeparator());
    refusals.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(20)
        .forEach(e -> report.append("refused %s: %s%n".formatted(e.getValue(), e.getKey())));
    return report.toString();
  }

  private static String quantiles(List<Long> nanos) {
    long[] sorted = nanos.stream().mapToLong(n -> n).sorted().toArray();
    StringBuilder text = new StringBuilder("n " + sorted.length);
    for (double q : new double[] {0.5, 0.9, 0.99, 0.999, 1}) {
      int at = Math.min(sorted.length - 1, (int) (q * sorted.length));
      text.append(
          String.format(
              Locale.ROOT, ", p%s %.1f", 100 * q, sorted.length == 0 ? 0 : sorted[at] / MICRO));
    }
    return text.append(
            String.format(
                Locale.ROOT, ", mean %.1f", Arrays.stream(sorted).average().orElse(0) / MICRO))
        .toString();
  }

  int passed() {
    return passed;
  }

  int letThrough() {
    return letThrough;
  }

  private static long now() {
    return THREADS.getCurrentThreadCpuTime();
  }
}

package dev.polylm.benchmarks;

import dev.polylm.PolyLm;
import dev.polylm.evaluation.Evaluation;
import dev.polylm.evaluation.EvaluationOptions;
import dev.polylm.scoring.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What an evaluation costs beside scoring alone: 1,000 items of XNLI on polylm-tiny, once as {@code
 * polylm evaluate} does it, and once as a loop that asks {@link PolyLm#score(int[], List)} for the
 * same log-likelihoods.
 */
public final class EvaluationBenchmark {
  private static final int ITEMS = 1000;
  private static final int ROUNDS = 5;
  private static final List<String> WORDS = List.of("Yes", "Also", "No");
  private static final List<String> LABELS = List.of("entailment", "neutral", "contradiction");
  private static final List<String> CITIES =
      List.of("Paris", "Rome", "Madrid", "Lisbon", "Vienna", "Athens", "Cairo", "Dublin", "Oslo");
  private static final List<String> COUNTRIES =
      List.of("France", "Italy", "Spain", "Portugal", "Austria", "Greece", "Egypt", "Norway");

  /** An item of XNLI. */
  record Item(String premise, String hypothesis, String label) {
    /** Returns the texts of its options. */
    List<String> options() {
      return WORDS.stream()
          .map(word -> "%s, right? %s, %s".formatted(premise, word, hypothesis))
          .toList();
    }
  }

  private EvaluationBenchmark() {}

  /** Prints the seconds of each round and the ratio of the best ones. */
  public static void main(String[] args) throws IOException {
    List<Item> items = items(ITEMS);
    Path folder = Files.createTempDirectory("polylm-evaluation");
    writeXnli(items, folder);
    double bare = Double.MAX_VALUE;
    double evaluated = Double.MAX_VALUE;
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      for (int round = 0; round < ROUNDS; round++) {
        Path output = folder.resolve("report" + round);
        double first = seconds(polyLm, model -> scoreAlone(model, items));
        double second = seconds(polyLm, model -> evaluate(model, folder, output));
        System.out.printf(
            Locale.ROOT, "round %s: scoring %.2f s, evaluation %.2f s%n", round, first, second);
        bare = Math.min(bare, first);
        evaluated = Math.min(evaluated, second);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "best: scoring %.2f s, evaluation %.2f s, ratio %.2f%n",
        bare,
        evaluated,
        evaluated / bare);
  }

  private static double seconds(PolyLm polyLm, ToDoubleFunction<PolyLm> run) {
    long begin = System.nanoTime();
    var unused = run.applyAsDouble(polyLm);
    return (System.nanoTime() - begin) / 1e9;
  }

  /** Scores the options of each item and returns the accuracy in percent. */
  static double scoreAlone(PolyLm polyLm, List<Item> items) {
    int right = 0;
    for (Item item : items) {
      List<int[]> options = item.options().stream().map(text -> encode(polyLm, text)).toList();
      List<Double> scores = scores(polyLm, options);
      right += scores.indexOf(Collections.max(scores)) == LABELS.indexOf(item.label()) ? 1 : 0;
    }
    return 100.0 * right / items.size();
  }

  private static int[] encode(PolyLm polyLm, String text) {
    IntStream begin = IntStream.of(polyLm.tokenizer().bosTokenId());
    return IntStream.concat(begin, Arrays.stream(polyLm.tokenizer().encode(text))).toArray();
  }

  /**
   * Returns the log-likelihood per id of each option. The model reads the ids that all options
   * begin with once.
   */
  private static List<Double> scores(PolyLm polyLm, List<int[]> options) {
    int[] first = options.get(0);
    int shared =
        options.stream().skip(1).mapToInt(ids -> Arrays.mismatch(first, ids)).min().orElseThrow();
    Score whole = polyLm.score(head(first, 1), tail(first, 1));
    double sharedSum = 0;
    for (int i = 0; i < shared - 1; i++) {
      sharedSum += whole.tokenLogprobs()[i];
    }
    List<int[]> ends = options.stream().skip(1).map(ids -> tail(ids, shared)).toList();
    List<Double> scores = new ArrayList<>(List.of(whole.perToken()));
    for (Score end : polyLm.score(head(first, shared), ends)) {
      int scored = options.get(scores.size()).length - 1;
      scores.add((sharedSum + end.sum()) / scored);
    }
    return scores;
  }

  private static int[] head(int[] ids, int length) {
    return Arrays.copyOf(ids, length);
  }

  private static int[] tail(int[] ids, int from) {
    return Arrays.copyOfRange(ids, from, ids.length);
  }

  /** Evaluates the task of a folder and returns the accuracy. */
  static double evaluate(PolyLm polyLm, Path folder, Path output) {
    EvaluationOptions options =
        EvaluationOptions.builder(folder, output).tasks(List.of("xnli")).build();
    return new Evaluation(options).run(polyLm).tasks().get(0).rows().get(0).scores().get(0);
  }

  static List<Item> items(int count) {
    Random random = new Random(1);
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String premise = sentence(random) + " " + sentence(random);
      items.add(new Item(premise, sentence(random), LABELS.get(i % 3)));
    }
    return items;
  }

  private static String sentence(Random random) {
    return "%s is the capital of %s."
        .formatted(
            CITIES.get(random.nextInt(CITIES.size())),
            COUNTRIES.get(random.nextInt(COUNTRIES.size())));
  }

  static void writeXnli(List<Item> items, Path folder) throws IOException {
    List<String> lines = new ArrayList<>(List.of("language\tgold_label\tsentence1\tsentence2"));
    for (Item item : items) {
      lines.add(String.join("\t", "en", item.label(), item.premise(), item.hypothesis()));
    }
    Files.createDirectories(folder.resolve("xnli"));
    Files.write(folder.resolve("xnli/xnli.test.tsv"), lines);
  }
}

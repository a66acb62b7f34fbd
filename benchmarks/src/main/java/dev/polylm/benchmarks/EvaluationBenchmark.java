package dev.polylm.benchmarks;

import dev.polylm.PolyLm;
import dev.polylm.evaluation.Evaluation;
import dev.polylm.evaluation.EvaluationOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * What an evaluation costs beside scoring alone: 1,000 items of XNLI on polylm-tiny, once as {@code
 * polylm evaluate} does it, and once with a call of {@link PolyLm#score(String, List)} for each
 * item.
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

  /** Scores each item by a call and returns the share of Yes. */
  static double scoreAlone(PolyLm polyLm, List<Item> items) {
    double yes = 0;
    for (Item item : items) {
      List<String> options =
          WORDS.stream().map(word -> " %s, %s".formatted(word, item.hypothesis())).toList();
      var scores = polyLm.score(item.premise() + ", right?", options);
      yes += scores.get(0).perToken() > scores.get(2).perToken() ? 1 : 0;
    }
    return yes / items.size();
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

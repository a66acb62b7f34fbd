package dev.polylm.spark;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/**
 * What Spark costs beside the SDK, what rows in flight gain, and how large an executor is (Linux).
 * The build doesn't run it. The property {@code polylm.model} is an exported folder; without it,
 * polylm-tiny runs.
 */
final class SparkBenchmark {
  private static final int STEP_ROWS = 8;
  private static final int ROWS = Integer.getInteger("polylm.rows", 32);
  private static final int TOKENS = Integer.getInteger("polylm.tokens", 32);
  private static final int ROUNDS = Integer.getInteger("polylm.rounds", 3);
  private static final String MODEL = System.getProperty("polylm.model", "");
  private static final String CONFIG =
      "{\"max_new_tokens\": %d, \"min_new_tokens\": %d}".formatted(TOKENS, TOKENS);

  /** The models of tasks that have one each. */
  private static final Queue<PolyLm> MODELS = new ConcurrentLinkedQueue<>();

  private static PolyLm open(int threads, int rows) {
    PolyLmOptions options = PolyLmOptions.builder().threads(threads).maxRows(rows).build();
    return MODEL.isEmpty() ? PolyLm.openEmbedded(options) : PolyLm.open(Path.of(MODEL), options);
  }

  private static List<String> texts() {
    return IntStream.range(0, ROWS).mapToObj(i -> "Sentence number " + i + " is here.").toList();
  }

  private static PolyLmGenerator generator() {
    PolyLmGenerator generator =
        new PolyLmGenerator()
            .setInputCol("text")
            .setGenerationConfig(CONFIG)
            .setRows(STEP_ROWS)
            .setIdsCol("ids")
            .setOutputCol("answer");
    return MODEL.isEmpty() ? generator : generator.setModelPath(MODEL);
  }

  @Test
  void rowsInFlight() throws IOException {
    List<GenerationRequest> requests = texts().stream().map(SparkBenchmark::request).toList();
    try (SparkSession spark =
            LocalSpark.builder("local[2]").config(OpenModels.KEEP_OPEN, "1h").getOrCreate();
        PolyLm together = open(2, STEP_ROWS);
        PolyLm alone = open(2, 1);
        PolyLm first = open(1, 1);
        PolyLm second = open(1, 1)) {
      Dataset<Row> rows = LocalSpark.texts(spark, texts()).repartition(2).cache();
      Dataset<Row> answers = generator().transform(rows);
      for (int round = 0; round <= ROUNDS; round++) {
        String name = round == 0 ? "warm-up" : "round " + round;
        time(name, "generateAll", () -> together.generateAll(requests).size());
        time(name, "PolyLmGenerator", () -> answers.collectAsList().size());
        MODELS.add(alone);
        time(name, "one model, one row at a time", () -> rowByRow(rows.coalesce(1)));
        MODELS.clear();
        MODELS.addAll(List.of(first, second));
        time(name, "a model for each task, one row at a time", () -> rowByRow(rows));
        MODELS.clear();
      }
    }
  }

  private static GenerationRequest request(String text) {
    return GenerationRequest.ofPrompt(text).withConfig(GenerationConfig.fromJson(CONFIG));
  }

  private static int rowByRow(Dataset<Row> rows) {
    return rows.mapPartitions(
            (MapPartitionsFunction<Row, Integer>)
                part -> {
                  PolyLm model = requireNonNull(MODELS.poll());
                  List<Integer> tokens = new ArrayList<>();
                  while (part.hasNext()) {
                    tokens.add(model.generate(request(part.next().getString(1))).newTokens());
                  }
                  MODELS.add(model);
                  return tokens.iterator();
                },
            Encoders.INT())
        .collectAsList()
        .size();
  }

  private static void time(String round, String what, IntSupplier run) {
    long begin = System.nanoTime();
    int rows = run.getAsInt();
    double seconds = (System.nanoTime() - begin) / 1e9;
    assertThat(rows).isEqualTo(ROWS);
    System.out.printf(
        Locale.ROOT,
        "%s: %s: %.2f s, %.1f tokens/s%n",
        round,
        what,
        seconds,
        ROWS * TOKENS / seconds);
  }

  /** Each executor has two cores, and so two tasks at a time. */
  @Test
  void sizeOfAnExecutor() throws Exception {
    try (SparkSession spark =
        LocalCluster.builder(2).config(OpenModels.KEEP_OPEN, "1h").getOrCreate()) {
      Dataset<Row> rows = LocalSpark.texts(spark, texts()).repartition(8).cache();
      assertThat(rows.count()).isEqualTo(ROWS);
      sizes("without a model");
      assertThat(generator().transform(rows).collectAsList()).hasSize(ROWS);
      sizes("with the model");
    }
  }

  private static void sizes(String when) throws IOException {
    for (ProcessHandle executor : LocalCluster.executors()) {
      try (Stream<String> lines = Files.lines(Path.of("/proc/" + executor.pid() + "/status"))) {
        lines
            .filter(line -> line.matches("(VmHWM|VmRSS|RssAnon|RssFile):.*"))
            .forEach(line -> System.out.println(when + ": " + executor.pid() + " " + line));
      }
    }
  }
}

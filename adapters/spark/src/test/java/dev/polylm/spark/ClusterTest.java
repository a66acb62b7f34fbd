package dev.polylm.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors in processes of their own. The property {@code polylm.rows} sets another number. */
final class ClusterTest {
  private static final int ROWS = Integer.getInteger("polylm.rows", 200);
  private static final int TASKS = 10;
  private static final String CONFIG = "{\"max_new_tokens\": 8}";

  /** Ends an executor's process when some tasks have ended, as a failing machine would. */
  private static final class Killer extends SparkListener {
    private final AtomicInteger ended = new AtomicInteger();
    private final Set<Long> killed = ConcurrentHashMap.newKeySet();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
      boolean answers = task.taskType().equals("ResultTask"); // not those that spread the rows
      if (answers && ended.incrementAndGet() == TASKS / 4) {
        ProcessHandle executor = LocalCluster.executors().get(0);
        killed.add(executor.pid());
        executor.destroyForcibly();
      }
    }
  }

  @Test
  void noRowIsLostOrDoubledWhenAnExecutorIsKilled(@TempDir Path folder) throws Exception {
    List<String> texts =
        IntStream.range(0, ROWS).mapToObj(i -> "Sentence number " + i + " is here.").toList();
    Killer killer = new Killer();
    List<Row> answers;
    try (SparkSession spark =
        LocalCluster.builder(1)
            .config("spark.archives", LocalCluster.zippedModel(folder) + "#model")
            .getOrCreate()) {
      assertThat(coresOfExecutors(spark)).containsOnly(1);
      spark.sparkContext().addSparkListener(killer);
      Dataset<Row> rows = LocalSpark.texts(spark, texts).repartition(TASKS);
      answers =
          new PolyLmGenerator()
              .setModelPath("model")
              .setInputCol("text")
              .setGenerationConfig(CONFIG)
              .setRows(4)
              .setIdsCol("ids")
              .setOutputCol("answer")
              .transform(rows)
              .collectAsList();
    }
    answers = answers.stream().sorted(Comparator.comparing(row -> row.getInt(0))).toList();

    assertThat(killer.killed).hasSize(1);
    assertThat(answers)
        .extracting(row -> row.getInt(0))
        .isEqualTo(IntStream.range(0, ROWS).boxed().toList());
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      for (Row row : answers) {
        assertThat(row.getList(row.fieldIndex("ids"))).isEqualTo(answer(polyLm, row.getString(1)));
      }
    }
  }

  private static List<Integer> coresOfExecutors(SparkSession spark) {
    return spark
        .range(4)
        .map((MapFunction<Long, Integer>) row -> ModelSource.cores(), Encoders.INT())
        .collectAsList();
  }

  private static List<Integer> answer(PolyLm polyLm, String text) {
    GenerationRequest request =
        GenerationRequest.ofPrompt(text).withConfig(GenerationConfig.fromJson(CONFIG));
    return Arrays.stream(polyLm.generate(request).sequences().get(0).ids()).boxed().toList();
  }
}

package dev.polylm.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.spark.LocalCluster.Machines;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that Spark runs again, and those that it runs twice at a time. */
final class SpeculationTest {
  /**
   * The first try of one task fails in the middle. That of another stops there until it is killed,
   * because its copy on another executor is faster.
   */
  @Test
  @Timeout(300)
  void noRowIsLostOrDoubledWhenTasksRunTwice(@TempDir Path folder) throws Exception {
    int rows = 40;
    List<String> texts = Collections.nCopies(rows, "Rome is here.");
    String config =
        "{\"max_new_tokens\": 8, \"do_sample\": true, \"temperature\": 1.5, \"seed\": 7}";
    Set<Integer> speculative = ConcurrentHashMap.newKeySet();
    Set<Integer> retried = ConcurrentHashMap.newKeySet();
    List<Row> answers;
    try (Machines machines = new Machines(folder, "127.0.0.1", "127.0.0.2");
        SparkSession spark =
            LocalCluster.builder(machines.master())
                .config("spark.speculation", "true")
                .config("spark.speculation.interval", "100ms")
                .config("spark.speculation.quantile", "0.1")
                .config("spark.speculation.multiplier", "1.01")
                .config("spark.speculation.minTaskRuntime", "0ms")
                .getOrCreate()) {
      spark
          .sparkContext()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onTaskStart(SparkListenerTaskStart task) {
                  if (task.taskInfo().speculative()) {
                    speculative.add(task.taskInfo().partitionId());
                  } else if (task.taskInfo().attemptNumber() > 0) {
                    retried.add(task.taskInfo().partitionId());
                  }
                }
              });
      Dataset<Row> generated =
          new PolyLmGenerator()
              .setInputCol("text")
              .setKeyCol("id")
              .setGenerationConfig(config)
              .setRows(4)
              .setIdsCol("ids")
              .setOutputCol("answer")
              .transform(LocalSpark.texts(spark, texts).repartition(4));
      answers =
          generated
              .map((MapFunction<Row, Row>) SpeculationTest::disturbed, generated.encoder())
              .collectAsList();
    }
    assertThat(speculative).contains(0);
    assertThat(retried).contains(1);
    answers = answers.stream().sorted(Comparator.comparing(row -> row.getInt(0))).toList();
    assertThat(answers)
        .extracting(row -> row.getInt(0))
        .isEqualTo(IntStream.range(0, rows).boxed().toList());
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      for (Row row : answers) {
        long seed = PolyLmGenerator.seed(7, Integer.toString(row.getInt(0)));
        GenerationConfig seeded = GenerationConfig.fromJson(config).toBuilder().seed(seed).build();
        assertThat(row.getList(row.fieldIndex("ids")))
            .isEqualTo(answer(polyLm, row.getString(1), seeded));
      }
    }
  }

  private static final AtomicInteger PASSED = new AtomicInteger();

  private static Row disturbed(Row row) throws InterruptedException {
    TaskContext task = TaskContext.get();
    if (task.attemptNumber() == 0 && task.partitionId() < 2 && PASSED.incrementAndGet() > 3) {
      PASSED.set(0);
      if (task.partitionId() == 1) {
        throw new IllegalStateException("the first try fails");
      }
      new CountDownLatch(1).await(); // until Spark kills the task
    }
    return row;
  }

  private static List<Integer> answer(PolyLm polyLm, String text, GenerationConfig config) {
    GenerationRequest request = GenerationRequest.ofPrompt(text).withConfig(config);
    return Arrays.stream(polyLm.generate(request).sequences().get(0).ids()).boxed().toList();
  }
}

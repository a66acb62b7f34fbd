package dev.polylm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.jdk.javaapi.CollectionConverters;

/** How far tasks read ahead, and how they end early. */
final class FlowTest {
  private static final int ROWS = 4;
  private static final AtomicInteger READ = new AtomicInteger();
  private static final AtomicInteger AHEAD = new AtomicInteger();
  private static final CyclicBarrier BOTH_TASKS = new CyclicBarrier(2);

  private static SparkSession spark;
  private static volatile CountDownLatch secondRow = new CountDownLatch(2);

  @BeforeAll
  static void start() {
    spark =
        LocalSpark.builder("local[2]")
            .config(OpenModels.KEEP_OPEN, "0s")
            .config("spark.plugins", PolyLmPlugin.class.getName())
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static PolyLmGenerator generator(int tokens) {
    String config = "{\"max_new_tokens\": %d, \"min_new_tokens\": %d}".formatted(tokens, tokens);
    return new PolyLmGenerator()
        .setInputCol("text")
        .setGenerationConfig(config)
        .setRows(ROWS)
        .setOutputCol("answer");
  }

  private static Dataset<Row> texts(int count) {
    return LocalSpark.texts(spark, Collections.nCopies(count, "Rome")).coalesce(1);
  }

  @Test
  void aTaskReadsAFewRowsAhead() {
    Dataset<Row> counted =
        texts(40)
            .map(
                (MapFunction<Row, Row>)
                    row -> {
                      READ.incrementAndGet();
                      return row;
                    },
                texts(1).encoder());
    Dataset<Row> answers = generator(3).transform(counted);
    long returned =
        answers
            .mapPartitions((MapPartitionsFunction<Row, Integer>) FlowTest::observed, Encoders.INT())
            .collectAsList()
            .size();
    assertThat(returned).isEqualTo(40);
    assertThat(AHEAD.get()).isEqualTo(RowPipe.window(ROWS, 2));
  }

  private static Iterator<Integer> observed(Iterator<Row> answers) {
    AtomicInteger returned = new AtomicInteger();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return answers.hasNext();
      }

      @Override
      public Integer next() {
        answers.next();
        return AHEAD.accumulateAndGet(READ.get() - returned.getAndIncrement(), Math::max);
      }
    };
  }

  @Test
  void tasksOfAnExecutorShareAModel() {
    List<Integer> models =
        generator(3)
            .transform(LocalSpark.texts(spark, Collections.nCopies(10, "Rome")).repartition(2))
            .mapPartitions(
                (MapPartitionsFunction<Row, Integer>)
                    answers -> {
                      answers.next();
                      BOTH_TASKS.await(1, TimeUnit.MINUTES);
                      return List.of(OpenModels.open().size()).iterator();
                    },
                Encoders.INT())
            .collectAsList();
    assertThat(models).containsExactly(1, 1);
  }

  @Test
  void metricsCountWhatTheExecutorDid() {
    long rows = counted("rows");
    long failed = counted("rows.failed");
    long tokens = counted("tokens.new");
    List<String> texts = List.of("Rome", "word ".repeat(600), "Paris");
    assertThat(generator(3).transform(LocalSpark.texts(spark, texts)).count()).isEqualTo(3);
    assertThat(counted("rows") - rows).isEqualTo(3);
    assertThat(counted("rows.failed") - failed).isEqualTo(1);
    assertThat(counted("tokens.new") - tokens).isEqualTo(6);
    assertThat(counted("tokens.prompt")).isGreaterThan(counted("tokens.cached"));
    assertThat((Double) metrics().getGauges().get("seconds.waiting").getValue()).isPositive();
    assertThat(metrics().getGauges().get("models").getValue()).isEqualTo(0);
    assertThat(metrics().getGauges().get("requests.running").getValue()).isEqualTo(0);
    assertThat(metrics().getGauges().get("requests.waiting").getValue()).isEqualTo(0);
  }

  private static long counted(String name) {
    return metrics().getCounters().get(name).getCount();
  }

  private static MetricRegistry metrics() {
    return SparkEnv.get()
        .metricsSystem()
        .getSourcesByName("plugin." + PolyLmPlugin.class.getName())
        .head()
        .metricRegistry();
  }

  /** Spark's UI shows a stage's accumulators. */
  @Test
  void accumulatorsHaveNames() throws Exception {
    List<String> names = new CopyOnWriteArrayList<>();
    CountDownLatch ended = new CountDownLatch(1);
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onStageCompleted(SparkListenerStageCompleted stage) {
            CollectionConverters.asJava(stage.stageInfo().accumulables().values())
                .forEach(accumulable -> names.add(accumulable.name().get()));
            ended.countDown();
          }
        };
    spark.sparkContext().addSparkListener(listener);
    generator(3).transform(texts(4)).collectAsList();
    assertThat(ended.await(1, TimeUnit.MINUTES)).isTrue();
    spark.sparkContext().removeSparkListener(listener);
    assertThat(names)
        .contains(
            "PolyLM rows",
            "PolyLM failed rows",
            "PolyLM prompt tokens",
            "PolyLM cached tokens",
            "PolyLM new tokens",
            "PolyLM seconds waiting");
  }

  @Test
  void theModelIsClosedAfterTheLastTask() {
    assertThat(generator(3).transform(texts(10)).count()).isEqualTo(10);
    assertThat(OpenModels.open()).isEmpty();
  }

  static List<PolyLmTransformer<?>> transformers() {
    return List.of(
        generator(400),
        new PolyLmScorer()
            .setPromptTemplate("one ".repeat(120) + "{text}")
            .setInputCol("text")
            .setRows(ROWS)
            .setOutputCol("score"),
        new PolyLmEmbedder()
            .setPromptTemplate("one ".repeat(120) + "{text}")
            .setRows(ROWS)
            .setOutputCol("vector"));
  }

  /** Without the cancellation, these rows would take many minutes. */
  @ParameterizedTest
  @MethodSource("transformers")
  @Timeout(120)
  void aKilledTaskEndsAndClosesTheModel(PolyLmTransformer<?> transformer) throws Exception {
    CountDownLatch second = new CountDownLatch(2);
    secondRow = second;
    CountDownLatch ended = new CountDownLatch(1);
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd task) {
            ended.countDown();
          }
        };
    spark.sparkContext().addSparkListener(listener);
    Dataset<Row> counted =
        texts(20_000)
            .map(
                (MapFunction<Row, Row>)
                    row -> {
                      secondRow.countDown();
                      return row;
                    },
                texts(1).encoder());
    Thread killer =
        new Thread(
            () -> {
              try {
                second.await();
                spark.sparkContext().cancelAllJobs();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    killer.start();
    assertThatThrownBy(() -> transformer.transform(counted).count())
        .hasStackTraceContaining("cancelled");
    killer.join();
    ended.await();
    spark.sparkContext().removeSparkListener(listener);
    assertThat(OpenModels.open()).isEmpty();
  }

  /** Else each row of a condition would open it anew. */
  @Test
  void theModelStaysOpenBetweenTheRowsOfACondition() {
    spark
        .udf()
        .register(
            "open_models",
            (UDF1<Long, Integer>) id -> OpenModels.open().size(),
            DataTypes.IntegerType);
    List<Row> models =
        spark
            .range(3)
            .coalesce(1)
            .where("polylm_score('It is ', concat('Rome', id)) < 0")
            .selectExpr("open_models(id)")
            .collectAsList();
    assertThat(models).extracting(row -> row.getInt(0)).containsExactly(1, 1, 1);
    assertThat(OpenModels.open()).isEmpty();
  }

  @Test
  void allTasksTogetherHaveTwiceTheModelsRowsInFlight() {
    assertThat(RowPipe.window(16, 1)).isEqualTo(32);
    assertThat(RowPipe.window(16, 2)).isEqualTo(16);
    assertThat(ModelSource.cores()).isEqualTo(2);
  }

  @Test
  void theModelRunsOnTheTasksGpu() {
    assertThat(ModelSource.device(Map.of())).isEqualTo("cpu");
    assertThat(ModelSource.device(Map.of("gpu", gpus("3", "1")))).isEqualTo("cuda:3");
    assertThat(ModelSource.device(Map.of("gpu", gpus()))).isEqualTo("cpu");
  }

  private static ResourceInformation gpus(String... addresses) {
    return new ResourceInformation("gpu", addresses);
  }

  @Test
  void aTemplateIsReadWithItsBraces() {
    PromptTemplate template = PromptTemplate.parse("{{\"a\": \"{text}\"}} {b}");
    assertThat(template.texts()).isEqualTo(List.of("{\"a\": \"", "\"} ", ""));
    assertThat(template.columns()).isEqualTo(List.of("text", "b"));
  }
}

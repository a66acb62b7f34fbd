package dev.polylm.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/**
 * A standalone master with two workers on the loopback address, each with an executor in a process
 * of its own. The property {@code polylm.rows} sets another number of rows.
 */
final class ClusterTest {
  private static final int ROWS = Integer.getInteger("polylm.rows", 200);
  private static final int TASKS = 10;
  private static final String CONFIG = "{\"max_new_tokens\": 8}";

  /** Ends an executor's process when some tasks have ended, as a failing machine would. */
  private static final class Killer extends SparkListener {
    private final AtomicInteger ended = new AtomicInteger();
    private final Set<Long> killed = new HashSet<>();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
      if (ended.incrementAndGet() == TASKS / 4) {
        ProcessHandle executor = executors().get(0);
        killed.add(executor.pid());
        executor.destroyForcibly();
      }
    }
  }

  private static List<ProcessHandle> executors() {
    return ProcessHandle.current()
        .descendants()
        .filter(
            process ->
                process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .toList();
  }

  @Test
  void noRowIsLostOrDoubledWhenAnExecutorIsKilled() throws Exception {
    List<String> texts =
        IntStream.range(0, ROWS).mapToObj(i -> "Sentence number " + i + " is here.").toList();
    Killer killer = new Killer();
    List<Row> answers;
    try (SparkSession spark = cluster()) {
      spark.sparkContext().addSparkListener(killer);
      Dataset<Row> rows = LocalSpark.texts(spark, texts).repartition(TASKS);
      answers =
          new PolyLmGenerator()
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
    assertThat(answers).extracting(row -> row.getInt(0)).isEqualTo(ids(ROWS));
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      for (Row row : answers) {
        assertThat(row.getList(row.fieldIndex("ids"))).isEqualTo(answer(polyLm, row.getString(1)));
      }
    }
  }

  private static List<Integer> ids(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static List<Integer> answer(PolyLm polyLm, String text) {
    GenerationRequest request =
        GenerationRequest.ofPrompt(text).withConfig(GenerationConfig.fromJson(CONFIG));
    return Arrays.stream(polyLm.generate(request).sequences().get(0).ids()).boxed().toList();
  }

  private static SparkSession cluster() throws IOException {
    Path home = Path.of(System.getenv("SPARK_HOME"));
    Files.createDirectories(home.resolve("jars"));
    List<Path> classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(Path::of)
            .toList();
    for (Path jar : classPath) {
      if (Files.isRegularFile(jar)) {
        link(home.resolve("jars").resolve(jar.getFileName()), jar);
      }
    }
    return LocalSpark.builder("local-cluster[2,1,768]")
        .config("spark.executor.memory", "768m")
        .config(
            "spark.executor.extraClassPath",
            classPath.stream()
                .filter(Files::isDirectory)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)))
        .getOrCreate();
  }

  private static void link(Path link, Path jar) throws IOException {
    try {
      Files.createSymbolicLink(link, jar.toAbsolutePath());
    } catch (FileAlreadyExistsException e) {
      // an earlier run made it
    }
  }
}

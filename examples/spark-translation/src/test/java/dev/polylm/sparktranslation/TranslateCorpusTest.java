package dev.polylm.sparktranslation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.spark.PolyLmGenerator;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program, beside the SDK on one sentence after the other. */
final class TranslateCorpusTest {
  private static final List<String> SENTENCES =
      List.of(
          "Beijing is the capital of China.",
          "Paris is the capital of France.",
          "Rome is the capital of Italy.",
          "Madrid is the capital of Spain.");

  @AfterEach
  void stop() {
    System.clearProperty("spark.master");
  }

  @Test
  void runsOnTwoThreads(@TempDir Path folder) throws Exception {
    check("local[2]", folder);
  }

  /** A standalone master with two workers, each with an executor in a process of its own. */
  @Test
  void runsOnAClusterOfTwoWorkers(@TempDir Path folder) throws Exception {
    prepareSparkHome();
    check("local-cluster[2,1,768]", folder);
  }

  private static void check(String master, Path folder) throws IOException {
    System.setProperty("spark.master", master);
    System.setProperty("spark.executor.memory", "768m");
    System.setProperty("spark.driver.host", "127.0.0.1");
    System.setProperty("spark.driver.bindAddress", "127.0.0.1");
    System.setProperty("spark.ui.enabled", "false");
    System.setProperty("spark.sql.shuffle.partitions", "2");
    System.setProperty("spark.executor.extraClassPath", folders());
    String input = folder.resolve("sentences.parquet").toString();
    String output = folder.resolve("best.parquet").toString();
    write(SparkSession.builder().getOrCreate(), input);
    TranslateCorpus.main(new String[] {input, output}); // in this session, which it ends
    List<Row> rows;
    System.setProperty("spark.master", "local[2]");
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      rows = spark.read().parquet(output).orderBy("id", "language").collectAsList();
    }
    List<Row> expected = expected();
    assertThat(rows).hasSameSizeAs(expected);
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      for (int column = 0; column < 4; column++) {
        assertThat(row.get(column)).isEqualTo(expected.get(i).get(column));
      }
      assertThat(row.getDouble(4)).isCloseTo(expected.get(i).getDouble(4), offset(1e-4));
    }
  }

  private static void write(SparkSession spark, String input) {
    List<Row> rows = new ArrayList<>();
    for (String sentence : SENTENCES) {
      rows.add(RowFactory.create(rows.size(), sentence));
    }
    StructType schema =
        new StructType().add("id", DataTypes.IntegerType).add("text", DataTypes.StringType);
    spark.createDataFrame(rows, schema).repartition(2).write().parquet(input);
  }

  private static List<Row> expected() {
    List<Row> rows = new ArrayList<>();
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      for (int id = 0; id < SENTENCES.size(); id++) {
        for (String language : List.of("Chinese", "French", "German")) {
          rows.add(best(polyLm, id, language));
        }
      }
    }
    return rows;
  }

  private static Row best(PolyLm polyLm, int id, String language) {
    String text = SENTENCES.get(id);
    Row best = null;
    for (int candidate = 1; candidate <= 3; candidate++) {
      long seed = PolyLmGenerator.seed(1, id + "/" + language + "/" + candidate);
      GenerationConfig config =
          GenerationConfig.builder()
              .maxNewTokens(100)
              .doSample(true)
              .temperature(0.7)
              .seed(seed)
              .build();
      String prompt = text + "\nTranslate this sentence from English to " + language + ".";
      String translation =
          polyLm
              .generate(GenerationRequest.ofPrompt(prompt).withConfig(config))
              .text()
              .replaceAll("^\n+|\n+$", "");
      String back = translation + "\nTranslate this sentence from " + language + " to English.";
      double score = polyLm.score(back, "\n" + text).sum();
      if (best == null || score > best.getDouble(4)) {
        best = RowFactory.create(id, language, text, translation, score);
      }
    }
    return best;
  }

  /** Links the jars to where the workers look for those of Spark. */
  private static void prepareSparkHome() throws IOException {
    Path jars = Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    for (String entry : classPath()) {
      Path link = jars.resolve(Path.of(entry).getFileName());
      if (entry.endsWith(".jar") && !Files.exists(link)) {
        Files.createSymbolicLink(link, Path.of(entry).toAbsolutePath());
      }
    }
  }

  private static String folders() {
    return Arrays.stream(classPath())
        .filter(entry -> !entry.endsWith(".jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String[] classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .toArray(String[]::new);
  }
}

package dev.polylm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions for SQL in queries that Spark treats in a way of its own. */
final class QueriesTest {
  private static final String TOO_LONG = "repeat('word ', 600)";
  private static final String CONFIG = "'{\"max_new_tokens\": 4}'";

  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start();
    LocalSpark.texts(spark, List.of("Beijing is here.", "Paris", "Rome"))
        .createOrReplaceTempView("texts");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @AfterEach
  void reset() {
    spark.conf().unset(PolyLmExtensions.ERROR_MODE);
    spark.conf().unset(PolyLmExtensions.MODEL_PATH);
  }

  private static List<Row> rows(String query) {
    return spark.sql(query).collectAsList();
  }

  /** Spark gives a view's query the settings of its own that it had when the view was made. */
  @Test
  void aViewHasTheSessionsSettings() {
    spark.sql(
        "CREATE OR REPLACE TEMP VIEW long AS SELECT polylm_generate(%s) AS a".formatted(TOO_LONG));
    spark.conf().set(PolyLmExtensions.ERROR_MODE, "null");
    assertThat(rows("SELECT a FROM long")).extracting(row -> row.isNullAt(0)).containsExactly(true);

    spark.conf().set(PolyLmExtensions.MODEL_PATH, "/none");
    assertThatThrownBy(() -> rows("SELECT a FROM long"))
        .hasStackTraceContaining("/none: is not a folder; expected an exported model");
  }

  /** The rows would all have nulls, and a condition would drop them. */
  @Test
  void aModelThatCanNotBeOpenedFailsTheQueryInAConditionToo() {
    spark.conf().set(PolyLmExtensions.ERROR_MODE, "null");
    spark.conf().set(PolyLmExtensions.MODEL_PATH, "/none");
    for (String query :
        List.of(
            "SELECT id FROM texts WHERE polylm_score('x', text) < 0",
            "SELECT polylm_score('x', text) FROM texts")) {
      assertThatThrownBy(() -> rows(query))
          .hasStackTraceContaining("/none: is not a folder; expected an exported model");
    }
  }

  @Test
  void aConstantConfigurationIsCheckedOnceForAllRows() {
    spark.conf().set(PolyLmExtensions.ERROR_MODE, "null");
    for (String call :
        List.of(
            "polylm_generate(text, '{\"max_new_token\": 4}')",
            "polylm_translate(text, 'en', 'de', '{\"max_new_token\": 4}')")) {
      assertThatThrownBy(() -> spark.sql("SELECT " + call + " FROM texts"))
          .hasStackTraceContaining("max_new_token is not a generation setting");
    }
  }

  @Test
  void aCallMayBeInALambda() {
    Row row =
        rows("SELECT transform(array(text, 'Rome'), x -> polylm_generate(x, %s)) AS both, polylm_generate(text, %s) AS one FROM texts WHERE id = 1"
                .formatted(CONFIG, CONFIG))
            .get(0);
    assertThat(row.<String>getList(0)).hasSize(2).contains(row.getString(1));
  }

  @Test
  void aCallMayBeInAFunctionThatSqlDefines() {
    spark.sql(
        "CREATE OR REPLACE TEMPORARY FUNCTION answered(t STRING) RETURNS STRING RETURN polylm_generate(t, %s)"
            .formatted(CONFIG));
    Row row =
        rows("SELECT answered(text), polylm_generate(text, %s) FROM texts".formatted(CONFIG))
            .get(0);
    assertThat(row.getString(0)).isNotEmpty().isEqualTo(row.getString(1));
  }

  @Test
  void aCallThatIsThereTwiceIsMadeOnce() {
    String query =
        "SELECT polylm_generate(text, %1$s) AS a, length(polylm_generate(text, %1$s)) AS l, polylm_generate(text) AS other FROM texts"
            .formatted(CONFIG);
    assertThat(spark.sql(query).queryExecution().optimizedPlan().toString().split("MapPartitions"))
        .hasSize(3);
    assertThat(rows(query))
        .hasSize(3)
        .allSatisfy(row -> assertThat(row.getInt(1)).isEqualTo(row.getString(0).length()));
  }

  @Test
  void argumentsHaveNoNames() {
    assertThatThrownBy(() -> spark.sql("SELECT polylm_generate(prompt => text) FROM texts"))
        .hasStackTraceContaining(
            "polylm_generate has the argument prompt by its name, expected polylm_generate(prompt[, config]) without names");
  }

  @Test
  void rowsThatAreCachedAreNotMadeAgain() {
    spark.sql(
        "CACHE TABLE cached AS SELECT id, polylm_generate(text, %s) AS a, polylm_score('x', text) AS s FROM texts"
            .formatted(CONFIG));
    assertThat(spark.sql("SELECT a FROM cached").queryExecution().withCachedData().toString())
        .contains("InMemoryRelation");
  }

  /** As with rows of more than 100 columns, which Spark doesn't compile. */
  @ParameterizedTest
  @CsvSource({"spark.sql.codegen.wholeStage, false", "spark.sql.codegen.maxFields, 1"})
  void queriesNeedNotBeCompiled(String key, String value) {
    String query =
        "SELECT id, text, polylm_score('x', polylm_generate(text, %s)) AS s, polylm_embed(text) AS v FROM texts WHERE polylm_score('x', text) < 0"
            .formatted(CONFIG);
    List<Row> expected = rows(query);
    String before = spark.conf().get(key);
    spark.conf().set(key, value);
    try {
      assertThat(rows(query)).hasSize(3).isEqualTo(expected);
    } finally {
      spark.conf().set(key, before);
    }
  }

  /** A task reads ahead, perhaps from the next file. */
  @Test
  void eachRowHasTheNameOfItsFile(@TempDir Path folder) {
    String path = folder.resolve("files").toString();
    spark
        .range(40)
        .selectExpr("id", "concat('Text ', id) AS text")
        .repartition(10)
        .write()
        .parquet(path);
    spark.read().parquet(path).createOrReplaceTempView("files");
    List<Row> expected = rows("SELECT id, input_file_name() FROM files ORDER BY id");
    assertThat(expected).hasSize(40).extracting(row -> row.getString(1)).doesNotContain("");
    assertThat(
            rows(
                "SELECT id, file FROM (SELECT id, input_file_name() AS file, polylm_score('a', text) AS s FROM files) ORDER BY id"))
        .isEqualTo(expected);
    assertThat(
            new PolyLmEmbedder()
                .setInputCol("text")
                .setOutputCol("v")
                .transform(spark.table("files"))
                .selectExpr("id", "input_file_name()")
                .orderBy("id")
                .collectAsList())
        .isEqualTo(expected);
  }
}

package dev.polylm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.prompt.Language;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The functions for SQL, beside the SDK. */
final class SqlTest {
  private static final String CONFIG = "{\"max_new_tokens\": 8}";
  private static final List<String> TEXTS =
      Arrays.asList("Beijing is here.", "Paris", null, "Rome is in Italy.", "Berlin");

  /** Rows that run at the same time change the last bits. */
  private static final Offset<Double> ROUNDED = offset(1e-4);

  private static SparkSession spark;
  private static PolyLm polyLm;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start();
    polyLm = PolyLm.openEmbedded();
    LocalSpark.texts(spark, TEXTS).createOrReplaceTempView("texts");
  }

  @AfterAll
  static void stop() {
    spark.stop();
    polyLm.close();
  }

  @AfterEach
  void reset() {
    spark.conf().unset(PolyLmExtensions.ERROR_MODE);
  }

  private static double score(String context, String text) {
    return polyLm.score(context, text).sum();
  }

  private static String answer(String prompt) {
    return polyLm.generate(prompt, GenerationConfig.fromJson(CONFIG));
  }

  private static String translation(String text) {
    return polyLm
        .generate(
            GenerationRequest.ofPrompt(
                    polyLm.promptForm().translation(text, Language.ENGLISH, Language.CHINESE))
                .withConfig(GenerationConfig.fromJson(CONFIG)))
        .text();
  }

  @Test
  void allFunctionsGiveWhatTheSdkGives() {
    Dataset<Row> query =
        spark.sql(
            "SELECT id + 1, upper(polylm_generate(text, '"
                + CONFIG
                + "')) AS answer, text,"
                + " polylm_translate(text, 'en', 'Chinese', '"
                + CONFIG
                + "') AS chinese,"
                + " polylm_score('It is: ', text) AS score, polylm_embed(text) AS vector"
                + " FROM texts WHERE id < 4");
    List<Row> rows = query.collectAsList();

    assertThat(rows).hasSize(4);
    for (int i = 0; i < 4; i++) {
      Row row = rows.get(i);
      String text = TEXTS.get(i);
      assertThat(row.getInt(0)).isEqualTo(i + 1);
      assertThat(row.<String>getAs("text")).isEqualTo(text);
      if (text == null) {
        assertThat(row.isNullAt(1) && row.isNullAt(3) && row.isNullAt(4) && row.isNullAt(5))
            .isTrue();
        continue;
      }
      assertThat(row.<String>getAs("answer")).isEqualTo(answer(text).toUpperCase(Locale.ROOT));
      assertThat(row.<String>getAs("chinese")).isEqualTo(translation(text));
      assertThat(row.<Double>getAs("score")).isCloseTo(score("It is: ", text), ROUNDED);
      List<Float> vector = row.getList(row.fieldIndex("vector"));
      float[] expected = polyLm.embed(text);
      assertThat(vector).hasSameSizeAs(expected);
      for (int k = 0; k < expected.length; k++) {
        assertThat(vector.get(k).doubleValue()).isCloseTo(expected[k], ROUNDED);
      }
    }
  }

  /** Each call of the list is a step that keeps many rows in flight, not a function of one row. */
  @Test
  void eachCallIsAStep() {
    String plan =
        spark
            .sql("SELECT polylm_score(polylm_generate(text), text) FROM texts")
            .queryExecution()
            .optimizedPlan()
            .toString();
    assertThat(plan.split("MapPartitions", -1)).hasSize(3);
    assertThat(plan).doesNotContainPattern("polylm_\\w+\\((cast\\()?\\w+#");
  }

  @Test
  void aCallMayHaveACallAsItsArgument() {
    Row row =
        spark
            .sql(
                "SELECT polylm_score('a', polylm_generate(text, '"
                    + CONFIG
                    + "'))"
                    + " FROM texts WHERE id = 1")
            .first();
    assertThat(row.getDouble(0)).isCloseTo(score("a", answer("Paris")), ROUNDED);
  }

  /** Spark's optimizer finds columns by name. Here two columns have the same name. */
  @Test
  void columnsOfOneNameMayHaveSeveralTypes() {
    List<Row> rows =
        spark
            .sql(
                "SELECT a.text, b.text, polylm_score('x', a.text) FROM texts a"
                    + " JOIN (SELECT id, id * 1.5D AS text FROM texts) b ON a.id = b.id"
                    + " WHERE a.id = 3")
            .collectAsList();
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).getString(0)).isEqualTo(TEXTS.get(3));
    assertThat(rows.get(0).getDouble(1)).isEqualTo(4.5);
    assertThat(rows.get(0).getDouble(2)).isCloseTo(score("x", TEXTS.get(3)), ROUNDED);
  }

  @Test
  void aCallMayBeInAConditionAndBelowAnAggregate() {
    List<Row> rows =
        spark
            .sql(
                "SELECT CASE WHEN id = 1 THEN polylm_generate(text, '"
                    + CONFIG
                    + "') END AS a"
                    + " FROM texts WHERE polylm_score('x', text) < 0 ORDER BY id")
            .collectAsList();
    assertThat(rows)
        .extracting(row -> row.getString(0))
        .containsExactly(null, answer("Paris"), null, null);
    double sum =
        spark
            .sql("SELECT sum(s) FROM (SELECT polylm_score('x', text) AS s FROM texts)")
            .first()
            .getDouble(0);
    double expected = 0;
    for (String text : TEXTS) {
      expected += text == null ? 0 : score("x", text);
    }
    assertThat(sum).isCloseTo(expected, ROUNDED);
  }

  @Test
  void aBadRowFailsTheQueryOrGivesNull() {
    String query = "SELECT id, polylm_translate(text, 'en', 'xx') AS a FROM texts WHERE id < 2";
    assertThatThrownBy(() -> spark.sql(query).collectAsList())
        .hasStackTraceContaining("language \"xx\" is unknown");

    spark.conf().set(PolyLmExtensions.ERROR_MODE, "null");
    assertThat(spark.sql(query).collectAsList())
        .hasSize(2)
        .allSatisfy(row -> assertThat(row.isNullAt(1)).isTrue());

    spark.conf().set(PolyLmExtensions.ERROR_MODE, "skip");
    assertThatThrownBy(() -> spark.sql(query))
        .hasStackTraceContaining("spark.polylm.errorMode is skip, expected fail or null");
  }

  @Test
  void theNumberOfArgumentsIsChecked() {
    assertThatThrownBy(() -> spark.sql("SELECT polylm_score(text) FROM texts"))
        .hasStackTraceContaining(
            "polylm_score has 1 arguments, expected polylm_score(context, text)");
  }

  @Test
  void describeSaysWhatAFunctionDoes() {
    List<Row> lines = spark.sql("DESCRIBE FUNCTION polylm_translate").collectAsList();
    assertThat(lines.toString())
        .contains("polylm_translate(text, from, to[, config]) - Translates a text");
  }
}

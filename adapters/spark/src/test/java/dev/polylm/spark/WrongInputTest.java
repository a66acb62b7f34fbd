package dev.polylm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.math.BigDecimal;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What transformers refuse before anything runs, because all rows would suffer from it. */
final class WrongInputTest {
  private static SparkSession spark;
  private static Dataset<Row> texts;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start();
    texts = LocalSpark.texts(spark, List.of("Paris", "Rome"));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static PolyLmGenerator generator() {
    return new PolyLmGenerator()
        .setGenerationConfig("{\"max_new_tokens\": 2}")
        .setInputCol("text")
        .setOutputCol("answer");
  }

  /** Their values look different in each JVM, or in each of Spark's versions. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cast(text AS binary) | binary",
        "array(text) | array<string>",
        "map('a', text) | map<string,string>",
        "struct(id) | struct<id:int>",
        "timestamp'2020-01-01 00:00:00' | timestamp",
      })
  void columnsWithoutTextsAreRefused(String column, String type) {
    String message =
        "column c is of type %s, expected a text, number, date or boolean; cast it to a string";
    Dataset<Row> rows = texts.selectExpr("text", column + " AS c");
    assertThatThrownBy(() -> generator().setInputCol("c").transform(rows))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(message, type);
    assertThatThrownBy(() -> generator().setKeyCol("c").transform(rows)).hasMessage(message, type);
    assertThatThrownBy(() -> generator().setPromptTemplate("a {c}").transform(rows))
        .hasMessage(message, type);
  }

  @Test
  void aColumnThatIsThereTwiceIsRefused() {
    Dataset<Row> twice = texts.toDF("text", "text");
    assertThatThrownBy(() -> generator().transform(twice))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("column text is in the input 2 times, expected once");
    assertThat(generator().setInputCol("c").transform(texts.selectExpr("id", "id", "text AS c")))
        .extracting(Dataset::count)
        .isEqualTo(2L);
  }

  /** Spark would find neither of the two. */
  @Test
  void aNewColumnDiffersNotOnlyByItsCase() {
    PolyLmGenerator generator = generator().setOutputCol("TEXT");
    assertThatThrownBy(() -> generator.transform(texts))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "column TEXT is in the input already, expected a new name for what the model gives");
    spark.conf().set("spark.sql.caseSensitive", "true");
    try {
      assertThat(generator.transform(texts).select("text").first().getString(0)).isEqualTo("Paris");
    } finally {
      spark.conf().set("spark.sql.caseSensitive", "false");
    }
  }

  @Test
  void numbersAreWrittenAsSqlWritesThem() {
    StructType schema = new StructType().add("n", DataTypes.createDecimalType(20, 8));
    String text =
        PromptTemplate.parse("{n}").in(schema).of(RowFactory.create(new BigDecimal("0E-8")));
    assertThat(text).isEqualTo("0.00000000");
  }

  @Test
  void aTemplateThatReadsNothingOfARowIsRefused() {
    String message =
        "promptTemplate \"To {German}.\" names no column, so all rows would have one text; expected a column's name in braces, such as {text}";
    String template = "To {{German}}.";
    assertThatThrownBy(() -> generator().setPromptTemplate(template).transform(texts))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(message);
    assertThatThrownBy(
            () ->
                new PolyLmEmbedder().setPromptTemplate(template).setOutputCol("v").transform(texts))
        .hasMessage(message);
    assertThat(generator().setPromptTemplate(template).setKeyCol("id").transform(texts).count())
        .isEqualTo(2);
  }

  /** Python, a pipeline that is read and a copy with other values call no setter. */
  @Test
  void aConfigurationIsCheckedHoweverItWasSet() {
    for (String mode : List.of("column", "drop")) {
      PolyLmGenerator generator = generator().setErrorMode(mode);
      generator.set(generator.generationConfig(), "{\"max_new_token\": 2}");
      assertThatThrownBy(() -> generator.transform(texts))
          .isInstanceOf(PolyLmException.class)
          .hasMessageContaining("max_new_token is not a generation setting");
    }
  }

  @Test
  void nothingIsNull() {
    assertThatThrownBy(() -> generator().setModelPath(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("modelPath must not be null");
    assertThatThrownBy(() -> generator().setPromptTemplate(null))
        .hasMessage("promptTemplate must not be null");
    assertThatThrownBy(() -> generator().setGenerationConfig(null))
        .hasMessage("generationConfig must not be null");
    assertThatThrownBy(() -> generator().setErrorMode(null))
        .hasMessage("errorMode must not be null");
  }

  @Test
  void aPathThatIsNoneIsASentence() {
    assertThatThrownBy(() -> generator().setModelPath("a\0b").transform(texts).count())
        .hasStackTraceContaining("modelPath is \"a?b\", which is no path");
  }

  /** Twice this number is negative. */
  @Test
  void manyRowsInAStepLoseNoRows() {
    assertThat(RowPipe.window(1_500_000_000, 1)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void emptyPartitionsNeedNoModel() {
    Dataset<Row> none = texts.filter("id < 0").repartition(3);
    assertThat(generator().setModelPath("/none").transform(none).count()).isZero();
  }
}

package dev.polylm.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.scoring.Score;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transformers on two threads, beside the SDK. */
final class TransformersTest {
  private static final String TRANSLATE =
      "{text}\nTranslate this sentence from English to {language}.";
  private static final String CONFIG = "{\"max_new_tokens\": 12}";

  /** More than the model's context of 512 ids. */
  private static final String TOO_LONG = "word ".repeat(600);

  /** Rows that run at the same time change the last bits. */
  private static final Offset<Double> ROUNDED = offset(1e-4);

  private static SparkSession spark;
  private static PolyLm polyLm;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start();
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void stop() {
    spark.stop();
    polyLm.close();
  }

  private static List<String> sentences(int count) {
    String[] subjects = {"Beijing", "Paris", "Rome", "Madrid", "Tokyo", "Berlin", "Vienna"};
    String[] texts = new String[count];
    Arrays.setAll(
        texts, i -> subjects[i % subjects.length] + " is the capital of country " + i + ".");
    return List.of(texts);
  }

  private static Dataset<Row> rows(List<String> texts) {
    return LocalSpark.texts(spark, texts).selectExpr("id", "text", "'Chinese' AS language");
  }

  private static PolyLmGenerator generator() {
    return new PolyLmGenerator()
        .setPromptTemplate(TRANSLATE)
        .setGenerationConfig(CONFIG)
        .setRows(4)
        .setIdsCol("ids")
        .setOutputCol("answer");
  }

  private static GenerationRequest request(String text, GenerationConfig config) {
    return GenerationRequest.ofPrompt(text + "\nTranslate this sentence from English to Chinese.")
        .withConfig(config);
  }

  @Test
  void answersAreTheSdksInOrder() {
    List<String> texts = sentences(60);
    PolyLmGenerator generator = generator().setFinishReasonCol("reason");
    List<Row> answers = generator.transform(rows(texts).coalesce(2)).collectAsList();

    assertThat(answers).hasSameSizeAs(texts);
    int newTokens = 0;
    for (int i = 0; i < texts.size(); i++) {
      var expected = polyLm.generate(request(texts.get(i), GenerationConfig.fromJson(CONFIG)));
      Row row = answers.get(i);
      assertThat(row.getInt(0)).isEqualTo(i);
      assertThat(row.getString(1)).isEqualTo(texts.get(i));
      assertThat(row.<String>getAs("answer")).isEqualTo(expected.text());
      assertThat(row.getList(row.fieldIndex("ids")))
          .isEqualTo(Arrays.stream(expected.sequences().get(0).ids()).boxed().toList());
      assertThat(row.<String>getAs("reason"))
          .isEqualTo(expected.sequences().get(0).finishReason().toString());
      assertThat(row.isNullAt(row.fieldIndex("polylm_error"))).isTrue();
      newTokens += expected.newTokens();
    }
    assertThat(generator.tally().rows()).isEqualTo(texts.size());
    assertThat(generator.tally().failedRows()).isZero();
    assertThat(generator.tally().newTokens()).isEqualTo(newTokens);
    assertThat(generator.tally().cachedTokens()).isBetween(0L, generator.tally().promptTokens());
    assertThat(generator.tally().secondsWaiting()).isPositive();
  }

  @Test
  void sampledAnswersDependOnTheRowsKeyOnly() {
    List<String> texts = List.of("Paris", "Paris", "Rome", "Berlin", "Vienna", "Madrid");
    String config =
        "{\"max_new_tokens\": 12, \"do_sample\": true, \"temperature\": 1.5, \"seed\": 7}";
    PolyLmGenerator generator = generator().setGenerationConfig(config).setKeyCol("id");

    List<List<Integer>> first = ids(generator.transform(rows(texts).repartition(1)));
    List<List<Integer>> second = ids(generator.transform(rows(texts).repartition(3)));
    assertThat(second).isEqualTo(first);

    List<List<Integer>> expected = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      long seed = PolyLmGenerator.seed(7, Integer.toString(i));
      GenerationConfig seeded = GenerationConfig.fromJson(config).toBuilder().seed(seed).build();
      int[] ids = polyLm.generate(request(texts.get(i), seeded)).sequences().get(0).ids();
      expected.add(Arrays.stream(ids).boxed().toList());
    }
    assertThat(first).isEqualTo(expected);
    assertThat(first.get(0)).isNotEqualTo(first.get(1));
  }

  private static List<List<Integer>> ids(Dataset<Row> answers) {
    return answers.orderBy("id").collectAsList().stream()
        .map(row -> row.<Integer>getList(row.fieldIndex("ids")))
        .map(List::copyOf)
        .toList();
  }

  /** The first bytes of {@code printf '\0\0\0\0\0\0\0\7abc' | sha256sum}. */
  @Test
  void aSeedIsTheBeginningOfAHash() {
    assertThat(Long.toHexString(PolyLmGenerator.seed(7, "abc"))).isEqualTo("6b4b627b3d8f81c5");
  }

  @Test
  void scoresAreTheSdks() {
    List<String> texts = sentences(20);
    List<Row> scored =
        new PolyLmScorer()
            .setPromptTemplate("In {language}: ")
            .setInputCol("text")
            .setOutputCol("score")
            .setTokensCol("tokens")
            .transform(rows(texts))
            .orderBy("id")
            .collectAsList();
    assertThat(scored).hasSameSizeAs(texts);
    for (int i = 0; i < texts.size(); i++) {
      Score expected = polyLm.score("In Chinese: ", texts.get(i));
      assertThat(scored.get(i).<Double>getAs("score")).isCloseTo(expected.sum(), ROUNDED);
      assertThat(scored.get(i).<Integer>getAs("tokens")).isEqualTo(expected.tokenLogprobs().length);
    }
  }

  @Test
  void embeddingsAreTheSdks() {
    List<String> texts = sentences(20);
    List<Row> embedded =
        new PolyLmEmbedder()
            .setInputCol("text")
            .setOutputCol("features")
            .transform(rows(texts))
            .orderBy("id")
            .collectAsList();
    assertThat(embedded).hasSameSizeAs(texts);
    for (int i = 0; i < texts.size(); i++) {
      float[] expected = polyLm.embed(texts.get(i));
      double[] vector = embedded.get(i).<Vector>getAs("features").toArray();
      assertThat(vector).hasSameSizeAs(expected);
      for (int k = 0; k < vector.length; k++) {
        assertThat(vector[k]).isCloseTo(expected[k], ROUNDED);
      }
    }
  }

  @Test
  void aBadRowHasItsErrorInAColumn() {
    List<Row> answers =
        generator()
            .transform(rows(Arrays.asList("Paris", TOO_LONG, null, "Rome")))
            .orderBy("id")
            .collectAsList();
    assertThat(answers).hasSize(4);
    assertThat(answers.get(0).<String>getAs("answer")).isNotNull();
    assertThat(answers.get(1).<String>getAs("answer")).isNull();
    assertThat(answers.get(1).<String>getAs("polylm_error"))
        .isEqualTo(refusal(request(TOO_LONG, GenerationConfig.fromJson(CONFIG))));
    assertThat(answers.get(2).<String>getAs("answer")).isNull();
    assertThat(answers.get(2).<String>getAs("polylm_error")).isNull();
    assertThat(answers.get(3).<String>getAs("answer")).isNotNull();
  }

  private static String refusal(GenerationRequest request) {
    try {
      polyLm.generate(request);
    } catch (PolyLmException e) {
      return e.getMessage();
    }
    throw new AssertionError("not refused");
  }

  @Test
  void aBadRowIsDroppedAndCounted() {
    PolyLmGenerator generator = generator().setErrorMode("drop");
    List<Row> answers =
        generator.transform(rows(List.of("Paris", TOO_LONG, "Rome", TOO_LONG))).collectAsList();
    assertThat(answers).extracting(row -> row.getInt(0)).containsExactly(0, 2);
    assertThat(answers.get(0).schema().fieldNames())
        .containsExactly("id", "text", "language", "answer", "ids");
    assertThat(generator.tally().rows()).isEqualTo(4);
    assertThat(generator.tally().failedRows()).isEqualTo(2);
  }

  @Test
  void aBadRowFailsTheJob() {
    Dataset<Row> answers =
        generator().setErrorMode("fail").transform(rows(List.of("Paris", TOO_LONG)));
    assertThatThrownBy(answers::collectAsList)
        .isInstanceOf(SparkException.class)
        .hasStackTraceContaining(refusal(request(TOO_LONG, GenerationConfig.fromJson(CONFIG))));
  }

  @Test
  void aModelThatIsNotThereFailsTheJob(@TempDir Path folder) {
    String path = folder.resolve("none").toString();
    Dataset<Row> answers = generator().setModelPath(path).transform(rows(List.of("Paris")));
    assertThatThrownBy(answers::collectAsList)
        .hasStackTraceContaining(path + ": is not a folder; expected an exported model");
  }

  @Test
  void columnsAreCheckedBeforeAnythingRuns() {
    Dataset<Row> rows = rows(List.of("Paris"));
    assertThatThrownBy(() -> generator().setPromptTemplate("{txt}").transform(rows))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("column txt is not in the input, whose columns are id, text, language");
    assertThatThrownBy(() -> generator().setOutputCol("text").transform(rows))
        .hasMessage(
            "column text is in the input already, expected a new name for what the model gives");
    assertThatThrownBy(() -> new PolyLmEmbedder().setOutputCol("out").transform(rows))
        .hasMessageContaining("__inputCol is not set, expected the column of texts");
    assertThatThrownBy(() -> generator().setErrorMode("skip"))
        .hasMessage("errorMode \"skip\" is unknown, expected one of column, fail, drop");
    assertThatThrownBy(() -> generator().setGenerationConfig("{\"max_new_token\": 1}"))
        .hasMessageContaining("max_new_token is not a generation setting");
    assertThatThrownBy(() -> generator().setPromptTemplate("a {b"))
        .hasMessageContaining("the brace at character 3 has no partner");
    assertThatThrownBy(() -> generator().setRows(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPipelineIsWrittenAndRead(@TempDir Path folder) throws Exception {
    PolyLmEmbedder embedder = new PolyLmEmbedder().setInputCol("answer").setOutputCol("vector");
    PolyLmScorer scorer =
        new PolyLmScorer().setPromptTemplate("{text}").setInputCol("answer").setOutputCol("score");
    PipelineStage[] stages = {
      generator().setErrorMode("drop"), scorer.setErrorMode("drop"), embedder.setErrorMode("drop")
    };
    Dataset<Row> rows = rows(sentences(8));
    PipelineModel pipeline = new Pipeline().setStages(stages).fit(rows);
    String path = folder.resolve("pipeline").toString();
    pipeline.write().save(path);
    PipelineModel read = PipelineModel.load(path);

    List<Row> before = pipeline.transform(rows).collectAsList();
    List<Row> after = read.transform(rows).collectAsList();
    assertThat(after).hasSize(8).hasSameSizeAs(before);
    for (int i = 0; i < 8; i++) {
      assertThat(after.get(i).<String>getAs("answer")).isEqualTo(before.get(i).getAs("answer"));
      assertThat(after.get(i).<Double>getAs("score"))
          .isCloseTo(before.get(i).<Double>getAs("score"), ROUNDED);
      assertThat(after.get(i).<Vector>getAs("vector").size()).isEqualTo(polyLm.embeddingSize());
    }
    Transformer first = read.stages()[0];
    assertThat(first).isInstanceOf(PolyLmGenerator.class);
    assertThat(first.uid()).isEqualTo(stages[0].uid());
    assertThat(((PolyLmGenerator) first).required(((PolyLmGenerator) first).promptTemplate()))
        .isEqualTo(TRANSLATE);
  }
}

package dev.polylm.sparktranslation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.trim;

import dev.polylm.spark.PolyLmGenerator;
import dev.polylm.spark.PolyLmScorer;
import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Translates a Parquet of English sentences, columns {@code id} and {@code text}, to three
 * languages. Each sentence gets several translations to a language. The best is the one that the
 * model most likely translates back to the sentence.
 */
public final class TranslateCorpus {
  private static final String[] LANGUAGES = {"German", "French", "Chinese"};
  private static final int TRANSLATIONS = 3;
  private static final String SAMPLED =
      "{\"max_new_tokens\": 100, \"do_sample\": true, \"temperature\": 0.7, \"seed\": 1}";

  private TranslateCorpus() {}

  /** Runs with the arguments INPUT OUTPUT [MODEL]. */
  public static void main(String[] args) throws IOException {
    if (args.length < 2 || args.length > 3) {
      System.err.println("arguments: INPUT.parquet OUTPUT.parquet [MODEL]");
      System.exit(2);
    }
    try (SparkSession spark = SparkSession.builder().appName("spark-translation").getOrCreate()) {
      Dataset<Row> sentences = spark.read().parquet(args[0]);
      best(sentences, args.length > 2 ? args[2] : null).write().parquet(args[1]);
    }
  }

  /**
   * Returns the best translation of each sentence to each language: the columns id, language, text,
   * translation and score.
   *
   * @param modelPath the folder of an exported model, or null for the model on the class path
   */
  static Dataset<Row> best(Dataset<Row> sentences, @Nullable String modelPath) {
    PolyLmGenerator translate =
        new PolyLmGenerator()
            .setPromptTemplate("{text}\nTranslate this sentence from English to {language}.")
            .setGenerationConfig(SAMPLED)
            .setKeyCol("key")
            .setErrorMode("drop")
            .setOutputCol("answer");
    PolyLmScorer back =
        new PolyLmScorer()
            .setPromptTemplate("{translation}\nTranslate this sentence from {language} to English.")
            .setInputCol("original")
            .setErrorMode("drop")
            .setOutputCol("score");
    if (modelPath != null) {
      translate.setModelPath(modelPath);
      back.setModelPath(modelPath);
    }
    Dataset<Row> translated =
        translate
            .transform(candidates(sentences))
            .withColumn("translation", trim(col("answer"), "\n"));
    return back.transform(translated.withColumn("original", concat(lit("\n"), col("text"))))
        .groupBy("id", "language")
        .agg(max_by(struct("text", "translation", "score"), col("score")).as("best"))
        .select("id", "language", "best.*");
  }

  /** Returns a row for each translation to make. The key decides what is drawn for it. */
  private static Dataset<Row> candidates(Dataset<Row> sentences) {
    return sentences
        .withColumn("language", explode(lit(LANGUAGES)))
        .withColumn("candidate", explode(sequence(lit(1), lit(TRANSLATIONS))))
        .withColumn("key", concat_ws("/", col("id"), col("language"), col("candidate")));
  }
}

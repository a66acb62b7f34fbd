package dev.polylm.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** The lines of the guide and the README. */
final class GuideTest {
  private static Dataset<Row> german(Dataset<Row> sentences) {
    // guide >>>
    Dataset<Row> german =
        new PolyLmGenerator()
            .setModelPath("/models/polylm-13b-onnx")
            .setPromptTemplate("{text}\nTranslate this sentence from English to German.")
            .setGenerationConfig("{\"max_new_tokens\": 100}")
            .setOutputCol("german")
            .transform(sentences);
    // <<<
    return german;
  }

  private static final String SQL =
      "SELECT id, polylm_translate(text, 'en', 'de') AS german FROM sentences";

  @Test
  void run() throws IOException {
    try (SparkSession spark = LocalSpark.start()) {
      Dataset<Row> sentences = LocalSpark.texts(spark, List.of("Beijing is the capital of China."));
      assertThat(german(sentences).columns())
          .containsExactly("id", "text", "german", "polylm_error");
      sentences.createOrReplaceTempView("sentences");
      assertThat(spark.sql(SQL).first().getString(1)).isNotBlank();
    }
  }

  @Test
  void areWritten() throws IOException {
    assertThat(lines("../../docs/spark.md")).contains(guide());
    assertThat(lines("README.md")).contains(guide()).contains(SQL);
  }

  private static String guide() throws IOException {
    String test = lines("src/test/java/dev/polylm/spark/GuideTest.java");
    String mark = "// guide >>>";
    int begin = test.indexOf(mark) + mark.length();
    return test.substring(begin, test.indexOf("// <<<", begin)).strip();
  }

  /** A file's lines without their indentation. */
  private static String lines(String file) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .map(String::strip)
        .collect(Collectors.joining("\n"));
  }
}

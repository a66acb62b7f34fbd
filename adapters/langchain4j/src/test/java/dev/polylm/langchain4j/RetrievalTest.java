package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.segment.TextSegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

/**
 * Whether embeddings find what means the same: of 10 sentences in each of 18 languages, which of
 * another language's is the nearest to a sentence? 3,060 questions, of which chance answers a
 * tenth.
 */
class RetrievalTest {
  private static final Path SENTENCES =
      Path.of(
          "../../examples/langchain4j-assistant/src/main/resources/dev/polylm/assistant/glossary.tsv");

  /** By sentence, then by language. */
  private static List<List<String>> sentences() throws Exception {
    List<String> lines = Files.readAllLines(SENTENCES);
    return lines.stream().skip(1).map(line -> List.of(line.split("\t", -1))).toList();
  }

  private static <V> double accuracy(List<List<V>> vectors, ToDoubleBiFunction<V, V> similarity) {
    int right = 0;
    int questions = 0;
    int languages = vectors.get(0).size();
    for (int from = 0; from < languages; from++) {
      for (int to = 0; to < languages; to++) {
        for (int asked = 0; asked < vectors.size() && from != to; asked++) {
          right += nearest(vectors, vectors.get(asked).get(from), to, similarity) == asked ? 1 : 0;
          questions++;
        }
      }
    }
    return (double) right / questions;
  }

  private static <V> int nearest(
      List<List<V>> vectors, V asked, int to, ToDoubleBiFunction<V, V> similarity) {
    int best = 0;
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < vectors.size(); i++) {
      double found = similarity.applyAsDouble(asked, vectors.get(i).get(to));
      if (found > greatest) {
        greatest = found;
        best = i;
      }
    }
    return best;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** How often each sequence of one to three characters comes. */
  private static Map<String, Integer> ngrams(String text) {
    Map<String, Integer> counts = new HashMap<>();
    String lower = text.toLowerCase(Locale.ROOT);
    for (int from = 0; from < lower.length(); from++) {
      for (int to = from + 1; to <= Math.min(from + 3, lower.length()); to++) {
        counts.merge(lower.substring(from, to), 1, Integer::sum);
      }
    }
    return counts;
  }

  private static double cosine(Map<String, Integer> a, Map<String, Integer> b) {
    return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
  }

  private static double product(Map<String, Integer> a, Map<String, Integer> b) {
    return a.entrySet().stream()
        .mapToDouble(entry -> entry.getValue() * b.getOrDefault(entry.getKey(), 0))
        .sum();
  }

  @Test
  void embeddingsFindMoreThanCharactersInCommon() throws Exception {
    List<List<Map<String, Integer>>> ngrams = new ArrayList<>();
    List<List<float[]>> embeddings = new ArrayList<>();
    try (PolyLmEmbeddingModel model = PolyLmEmbeddingModel.builder().build()) {
      for (List<String> sentence : sentences()) {
        ngrams.add(sentence.stream().map(RetrievalTest::ngrams).toList());
        embeddings.add(
            model.embedAll(sentence.stream().map(TextSegment::from).toList()).content().stream()
                .map(embedding -> embedding.vector())
                .toList());
      }
    }
    double byEmbedding = accuracy(embeddings, RetrievalTest::dot);
    double byNgrams = accuracy(ngrams, RetrievalTest::cosine);
    double withoutMeans = accuracy(withoutMeans(embeddings), RetrievalTest::cosine);
    assertThat(new double[] {byEmbedding, withoutMeans, byNgrams})
        .containsExactly(new double[] {0.77, 0.93, 0.365}, within(0.01));
  }

  /** Each language's mean taken off its vectors. */
  private static List<List<float[]>> withoutMeans(List<List<float[]>> vectors) {
    List<List<float[]>> centred = new ArrayList<>();
    for (List<float[]> sentence : vectors) {
      List<float[]> row = new ArrayList<>();
      for (int language = 0; language < sentence.size(); language++) {
        float[] vector = sentence.get(language).clone();
        for (List<float[]> other : vectors) {
          for (int i = 0; i < vector.length; i++) {
            vector[i] -= other.get(language)[i] / vectors.size();
          }
        }
        row.add(vector);
      }
      centred.add(row);
    }
    return centred;
  }

  private static double cosine(float[] a, float[] b) {
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }
}

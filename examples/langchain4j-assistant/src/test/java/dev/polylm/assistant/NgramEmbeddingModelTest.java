package dev.polylm.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.store.embedding.CosineSimilarity;
import org.junit.jupiter.api.Test;

class NgramEmbeddingModelTest {
  private final NgramEmbeddingModel model = new NgramEmbeddingModel();

  /** "ab" has a, ab, b; "abc" has a, ab, abc, b, bc, c: three in common, 3 / sqrt(3 * 6). */
  @Test
  void countsWhatTextsHaveInCommon() {
    assertThat(similarity("ab", "abc")).isCloseTo(3 / Math.sqrt(18), within(1e-6));
    assertThat(similarity("AB", "ab")).isCloseTo(1, within(1e-6));
    assertThat(similarity("ab", "cd")).isZero();
  }

  @Test
  void vectorsHaveLength1() {
    Embedding embedding = embed("中国的首都");
    assertThat(embedding.dimension()).isEqualTo(model.dimension()).isEqualTo(4096);
    double sum = 0;
    for (float value : embedding.vector()) {
      sum += value * value;
    }
    assertThat(sum).isCloseTo(1, within(1e-5));
  }

  private double similarity(String a, String b) {
    return CosineSimilarity.between(embed(a), embed(b));
  }

  private Embedding embed(String text) {
    return model.embed(text).content();
  }
}

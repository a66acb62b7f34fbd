package dev.polylm.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

/** Embeddings on the real engine. */
final class PolyLmSpringAiEmbeddingModelTest {
  private static PolyLm polyLm;
  private static PolyLmSpringAiEmbeddingModel model;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
    model = PolyLmSpringAiEmbeddingModel.builder().polyLm(polyLm).build();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  @Test
  void embedsAsTheSdk() {
    List<String> texts = List.of("Rome", "Beijing is the capital of China.");
    EmbeddingResponse response = model.embedForResponse(texts);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(response.getResults().get(i).getIndex()).isEqualTo(i);
      assertThat(response.getResults().get(i).getOutput())
          .containsExactly(polyLm.embed(texts).get(i));
    }
    assertThat(response.getMetadata().getModel()).isEqualTo("polylm-tiny");
    assertThat(response.getMetadata().getUsage().getPromptTokens())
        .isEqualTo(
            texts.stream()
                .mapToInt(text -> polyLm.tokenizer().encodePrompt(text, false).length)
                .sum());
    assertThat(model.embed(new Document("Rome"))).containsExactly(polyLm.embed("Rome"));
    assertThat(model.dimensions()).isEqualTo(polyLm.embeddingSize());
  }

  @Test
  void refusesWhatTheModelHasNot() {
    refuses(
        EmbeddingOptions.builder().dimensions(8).build(),
        "dimensions is 8, must be 256, as the model has them");
    refuses(
        EmbeddingOptions.builder().model("ada").build(),
        "model \"ada\" is unknown, expected polylm-tiny");
  }

  private static void refuses(EmbeddingOptions options, String sentence) {
    assertThatThrownBy(() -> model.call(new EmbeddingRequest(List.of("a"), options)))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(sentence);
  }
}

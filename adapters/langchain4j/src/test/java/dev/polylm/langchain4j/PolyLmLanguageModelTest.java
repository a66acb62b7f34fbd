package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.input.PromptTemplate;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.Timings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PolyLmLanguageModelTest {
  private static final String PROMPT =
      """
      Beijing is the capital of China.
      Translate this sentence from English to Chinese.""";

  private static PolyLm tiny;
  private static PolyLmLanguageModel model;
  private static PolyLmStreamingLanguageModel streaming;

  @BeforeAll
  static void open() {
    tiny = PolyLm.openEmbedded();
    model = PolyLmLanguageModel.builder().polyLm(tiny).logprobs(true).build();
    streaming = PolyLmStreamingLanguageModel.builder().polyLm(tiny).build();
  }

  @AfterAll
  static void close() {
    model.close();
    streaming.close();
    tiny.close();
  }

  @Test
  void goesOnExactlyAsTheModelDoes() {
    Response<String> response = model.generate(PROMPT);
    assertThat(response.content()).isEqualTo("\n北京是中国的首都。").isEqualTo(tiny.generate(PROMPT));
    assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(response.tokenUsage().inputTokenCount())
        .isEqualTo(tiny.tokenizer().encodePrompt(PROMPT, false).length);
    Map<String, Object> metadata = response.metadata();
    assertThat(metadata)
        .containsOnlyKeys(
            "id", "modelName", "generationFinishReason", "seed", "timings", "logprobs")
        .containsEntry("modelName", "polylm-tiny");
    assertThat((Timings) metadata.get("timings")).isNotNull();
    assertThat((List<?>) metadata.get("logprobs"))
        .hasSize(response.tokenUsage().outputTokenCount());
  }

  @Test
  void streamsTheSameText() {
    Heard heard = new Heard();
    streaming.generate(PROMPT, heard);
    assertThat(heard.response().content()).isEqualTo("\n北京是中国的首都。").isEqualTo(heard.text());
    assertThat(heard.response().finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(heard.threads).hasSize(1).doesNotContain(Thread.currentThread());
  }

  @Test
  void takesParametersFromItsBuilder() {
    try (PolyLmLanguageModel greedy =
            PolyLmLanguageModel.builder().polyLm(tiny).maxOutputTokens(4).build();
        PolyLmStreamingLanguageModel stopped =
            PolyLmStreamingLanguageModel.builder()
                .polyLm(tiny)
                .stopSequences(List.of("中国"))
                .build()) {
      assertThat(greedy.generate(PROMPT).tokenUsage().outputTokenCount()).isEqualTo(4);
      Heard heard = new Heard();
      stopped.generate(PROMPT, heard);
      assertThat(heard.response().content()).isEqualTo("\n北京是");
    }
  }

  @Test
  void takesPromptsOfTemplates() {
    assertThat(
            model
                .generate(
                    PromptTemplate.from("{{it}}\nTranslate this sentence from English to German.")
                        .apply("Paris is the capital of France."))
                .content())
        .isEqualTo("\nParis ist die Hauptstadt von Frankreich.");
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> model.generate(""))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessage("prompt is empty, must have at least one token");
    Heard heard = new Heard();
    streaming.generate("", heard);
    assertThatThrownBy(heard::response)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessage("prompt is empty, must have at least one token");
    PolyLmLanguageModel closed = PolyLmLanguageModel.builder().polyLm(tiny).build();
    closed.close();
    assertThatThrownBy(() -> closed.generate(PROMPT))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the model is closed");
  }

  /** What a handler throws is its own affair: the rest of the answer comes all the same. */
  @Test
  void aHandlerThatThrowsHearsOfIt() {
    Heard heard = new Heard();
    streaming.generate(
        PROMPT,
        new dev.langchain4j.model.StreamingResponseHandler<>() {
          private boolean thrown;

          @Override
          public void onNext(String token) {
            heard.pieces.add(token);
            if (!thrown) {
              thrown = true;
              throw new IllegalStateException("of the handler");
            }
          }

          @Override
          public void onError(Throwable error) {
            heard.pieces.add("[" + error.getMessage() + "]");
            throw new IllegalStateException("of onError");
          }

          @Override
          public void onComplete(Response<String> response) {
            heard.onComplete(response);
          }
        });
    assertThat(heard.response().content()).isEqualTo("\n北京是中国的首都。");
    assertThat(heard.pieces.get(1)).isEqualTo("[of the handler]");
    assertThat(heard.text()).endsWith("。");
  }
}

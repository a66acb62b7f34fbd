package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's own client for Java, which checks what it is sent. */
abstract class OpenAiJavaContract extends ServerContract {
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";

  private OpenAIClient openAi;

  @BeforeAll
  void connect() {
    openAi =
        OpenAIOkHttpClient.builder()
            .baseUrl(server().uri() + "v1")
            .apiKey("none")
            .maxRetries(0)
            .build();
  }

  @AfterAll
  void disconnect() {
    openAi.close();
  }

  private static ChatCompletionCreateParams.Builder chat() {
    return ChatCompletionCreateParams.builder().model("polylm-tiny").addUserMessage(PROMPT);
  }

  @Test
  void chats() {
    ChatCompletion completion =
        openAi.chat().completions().create(chat().logprobs(true).topLogprobs(2).build()).validate();
    assertThat(completion.choices().get(0).message().content()).contains("北京是中国的首都。");
    assertThat(completion.choices().get(0).finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    assertThat(completion.choices().get(0).logprobs().orElseThrow().content().orElseThrow())
        .isNotEmpty();
    assertThat(completion.usage().orElseThrow().completionTokens()).isPositive();
  }

  @Test
  void chatsInAStream() {
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    ChatCompletionCreateParams params =
        chat()
            .n(2)
            .temperature(0.01)
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    try (StreamResponse<ChatCompletionChunk> chunks =
        openAi.chat().completions().createStreaming(params)) {
      chunks.stream().map(ChatCompletionChunk::validate).forEach(accumulator::accumulate);
    }
    ChatCompletion completion = accumulator.chatCompletion().validate();
    assertThat(completion.choices()).hasSize(2);
    assertThat(completion.choices().get(1).message().content()).contains("北京是中国的首都。");
    assertThat(completion.usage().orElseThrow().completionTokens()).isPositive();
  }

  @Test
  void completes() {
    CompletionCreateParams params =
        CompletionCreateParams.builder()
            .model("polylm-tiny")
            .promptOfArrayOfStrings(List.of(PROMPT, PROMPT))
            .maxTokens(4)
            .logprobs(1)
            .echo(false)
            .build();
    Completion completion = openAi.completions().create(params).validate();
    assertThat(completion.choices())
        .hasSize(2)
        .allMatch(choice -> choice.text().startsWith("\n北京"));
  }

  @Test
  void completesInAStream() {
    CompletionCreateParams params =
        CompletionCreateParams.builder().model("polylm-tiny").prompt(PROMPT).build();
    StringBuilder text = new StringBuilder();
    try (StreamResponse<Completion> chunks = openAi.completions().createStreaming(params)) {
      chunks.stream()
          .flatMap(chunk -> chunk.choices().stream())
          .forEach(c -> text.append(c.text()));
    }
    assertThat(text).hasToString("\n北京是中国的首都。");
  }

  @Test
  void listsModels() {
    List<Model> models = openAi.models().list().data();
    models.forEach(Model::validate);
    assertThat(models).extracting(Model::id).containsExactly("polylm-tiny");
    assertThat(openAi.models().retrieve("polylm-tiny").validate().created()).isPositive();
    assertThatThrownBy(() -> openAi.models().retrieve("gpt"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("The model `gpt` does not exist");
  }

  @Test
  void readsErrors() {
    assertThatThrownBy(() -> openAi.chat().completions().create(chat().temperature(9.0).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("temperature is 9.0, must be a number from 0.0 to 2.0.");
    assertThatThrownBy(
            () ->
                openAi.chat().completions().createStreaming(chat().model("gpt").build()).stream()
                    .count())
        .isInstanceOf(NotFoundException.class);
  }
}

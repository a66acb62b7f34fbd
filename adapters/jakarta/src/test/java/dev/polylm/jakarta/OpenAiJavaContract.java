package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.chat.completions.StructuredChatCompletion;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import java.util.List;
import java.util.Map;
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

  /** The client makes the schema of this class, and reads the answer as one. */
  public static final class City {
    public Name name;
    public boolean capital;

    /** The cities that there are. */
    public enum Name {
      PEKING,
      ROME
    }
  }

  @Test
  void readsAnswersAsObjects() {
    StructuredChatCompletion<City> completion =
        openAi.chat().completions().create(chat().responseFormat(City.class).build());
    City city = completion.choices().get(0).message().content().orElseThrow();
    assertThat(city.name).isNotNull();
    assertThat(completion.rawChatCompletion().validate().choices().get(0).finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
  }

  /** A tool, whose name and schema the client takes from this class. */
  @JsonClassDescription("The weather of a city.")
  public static final class Weather {
    public City.Name city;
  }

  private static ChatCompletionCreateParams.Builder weather() {
    return chat()
        .addTool(Weather.class)
        .parallelToolCalls(false)
        .toolChoice(
            ChatCompletionToolChoiceOption.ofNamedToolChoice(
                ChatCompletionNamedToolChoice.builder()
                    .function(
                        ChatCompletionNamedToolChoice.Function.builder().name("Weather").build())
                    .build()));
  }

  @Test
  void callsTools() {
    ChatCompletionCreateParams.Builder conversation = weather();
    ChatCompletion asked = openAi.chat().completions().create(conversation.build()).validate();
    assertThat(asked.choices().get(0).finishReason())
        .isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
    ChatCompletionMessage message = asked.choices().get(0).message();
    ChatCompletionMessageFunctionToolCall call =
        message.toolCalls().orElseThrow().get(0).asFunction();
    assertThat(call.function().arguments(Weather.class).city).isNotNull();
    conversation
        .addMessage(message)
        .addMessage(
            ChatCompletionToolMessageParam.builder()
                .toolCallId(call.id())
                .contentAsJson(Map.of("sky", "blue"))
                .build())
        .toolChoice(ChatCompletionToolChoiceOption.Auto.NONE);
    ChatCompletion answered = openAi.chat().completions().create(conversation.build()).validate();
    assertThat(answered.choices().get(0).message().content()).isPresent();
    assertThat(answered.choices().get(0).message().toolCalls()).isEmpty();
  }

  @Test
  void callsToolsInAStream() {
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> chunks =
        openAi.chat().completions().createStreaming(weather().build())) {
      chunks.stream().map(ChatCompletionChunk::validate).forEach(accumulator::accumulate);
    }
    ChatCompletion.Choice choice = accumulator.chatCompletion().validate().choices().get(0);
    assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
    assertThat(
            choice
                .message()
                .toolCalls()
                .orElseThrow()
                .get(0)
                .asFunction()
                .function()
                .arguments(Weather.class)
                .city)
        .isNotNull();
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

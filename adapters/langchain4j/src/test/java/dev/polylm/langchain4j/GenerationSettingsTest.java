package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.generation.EarlyStopping;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every parameter arrives as the setting of that meaning. */
class GenerationSettingsTest {
  @Test
  void whatDrawsTokens() {
    assertSettings(
        parameters().temperature(0.7).topP(0.9).topK(40).minP(0.05).typicalP(0.8).seed(7L),
        """
        {"do_sample": true, "temperature": 0.7, "top_p": 0.9, "top_k": 40, "min_p": 0.05,
         "typical_p": 0.8, "seed": 7, "num_return_sequences": 1}\
        """);
  }

  @Test
  void oneOfThemIsEnoughToDraw() {
    assertSettings(parameters().topP(0.9), sampled("\"top_p\": 0.9"));
    assertSettings(parameters().topK(3), sampled("\"top_k\": 3"));
    assertSettings(parameters().minP(0.1), sampled("\"min_p\": 0.1"));
    assertSettings(parameters().typicalP(0.9), sampled("\"typical_p\": 0.9"));
    assertSettings(parameters().temperature(1.5), sampled("\"temperature\": 1.5"));
  }

  /** Whatever else may be drawn, the likeliest token may, and at 0 it is. */
  @Test
  void aTemperatureOf0TakesTheLikeliest() {
    assertSettings(
        parameters().temperature(0.0).topP(0.9).topK(40).minP(0.05).typicalP(0.8),
        "{\"do_sample\": false, \"num_return_sequences\": 1}");
  }

  @Test
  void penaltiesAndBiases() {
    assertSettings(
        parameters()
            .frequencyPenalty(0.5)
            .presencePenalty(-0.5)
            .repetitionPenalty(1.2)
            .noRepeatNgramSize(3)
            .logitBias(Map.of(5, 1.5)),
        """
        {"frequency_penalty": 0.5, "presence_penalty": -0.5, "repetition_penalty": 1.2,
         "no_repeat_ngram_size": 3, "logit_bias": {"5": 1.5}, "num_return_sequences": 1}\
        """);
  }

  @Test
  void beams() {
    assertSettings(
        parameters().numBeams(4).lengthPenalty(2.0).earlyStopping(EarlyStopping.NEVER),
        """
        {"num_beams": 4, "length_penalty": 2.0, "early_stopping": "never",
         "num_return_sequences": 1}\
        """);
  }

  @Test
  void lengthsAndEnds() {
    assertSettings(
        parameters()
            .maxOutputTokens(9)
            .minNewTokens(3)
            .stopSequences(List.of("\n", "."))
            .deadline(Duration.ofMillis(1500)),
        """
        {"max_new_tokens": 9, "min_new_tokens": 3, "stop_strings": ["\\n", "."], "max_time": 1.5,
         "num_return_sequences": 1}\
        """);
  }

  @Test
  void logProbabilities() {
    assertSettings(
        parameters().logprobs(true).topLogprobs(2),
        """
        {"output_logprobs": true, "top_logprobs": 2, "num_return_sequences": 1}\
        """);
  }

  @Test
  void settingsOfTheSdkHoldWhereNoParameterSaysOtherwise() {
    GenerationConfig config =
        GenerationConfig.fromJson(
            """
            {"do_sample": true, "temperature": 0.3, "top_h": 0.4, "max_new_tokens": 5,
             "stop_strings": ["!"], "num_return_sequences": 1}\
            """);
    assertSettings(
        parameters().generationConfig(config),
        """
        {"do_sample": true, "temperature": 0.3, "top_h": 0.4, "max_new_tokens": 5,
         "stop_strings": ["!"], "num_return_sequences": 1}\
        """);
    assertSettings(
        parameters()
            .generationConfig(config)
            .temperature(0.9)
            .maxOutputTokens(7)
            .stopSequences(List.of("?")),
        """
        {"do_sample": true, "temperature": 0.9, "top_h": 0.4, "max_new_tokens": 7,
         "stop_strings": ["?"], "num_return_sequences": 1}\
        """);
    PolyLmChatRequestParameters greedy =
        parameters().generationConfig(config).temperature(0.0).build();
    assertThat(GenerationSettings.of(greedy).doSample()).isFalse();
    assertThat(GenerationSettings.of(greedy).maxNewTokens()).hasValue(5);
  }

  @Test
  void priorities() {
    GenerationRequest request = GenerationRequest.ofPrompt("a");
    assertThat(GenerationSettings.on(request, parameters().priority(-3).build()).priority())
        .isEqualTo(-3);
    assertThat(GenerationSettings.on(request, parameters().build()).priority()).isZero();
  }

  @Test
  void whatCantBeIsFoundWhenTheModelIsBuilt() {
    assertThatThrownBy(() -> PolyLmChatModel.builder().temperature(-1.0).build())
        .isInstanceOf(PolyLmException.class)
        .hasMessage("temperature is -1.0, must be a number above 0");
    assertThatThrownBy(() -> PolyLmChatModel.builder().maxOutputTokens(3).minNewTokens(4).build())
        .isInstanceOf(PolyLmException.class)
        .hasMessage("min_new_tokens is 4, must be at most max_new_tokens, which is 3");
  }

  private static PolyLmChatRequestParameters.Builder parameters() {
    return PolyLmChatRequestParameters.builder();
  }

  private static String sampled(String setting) {
    return "{\"do_sample\": true, %s, \"num_return_sequences\": 1}".formatted(setting);
  }

  private static void assertSettings(PolyLmChatRequestParameters.Builder parameters, String json) {
    assertThat(GenerationSettings.of(parameters.build()))
        .isEqualTo(GenerationConfig.fromJson(json));
  }
}

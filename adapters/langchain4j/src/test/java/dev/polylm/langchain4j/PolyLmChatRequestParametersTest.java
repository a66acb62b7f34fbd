package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.polylm.generation.EarlyStopping;
import dev.polylm.generation.GenerationConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolyLmChatRequestParametersTest {
  private static final PolyLmChatRequestParameters ALL =
      PolyLmChatRequestParameters.builder()
          .modelName("a")
          .temperature(0.5)
          .topP(0.6)
          .topK(7)
          .frequencyPenalty(0.8)
          .presencePenalty(0.9)
          .maxOutputTokens(10)
          .stopSequences(List.of("b"))
          .seed(11L)
          .numBeams(12)
          .lengthPenalty(1.3)
          .earlyStopping(EarlyStopping.TRUE)
          .repetitionPenalty(1.4)
          .noRepeatNgramSize(15)
          .minP(0.16)
          .typicalP(0.17)
          .minNewTokens(18)
          .logitBias(Map.of(19, 2.0))
          .logprobs(true)
          .topLogprobs(20)
          .deadline(Duration.ofSeconds(21))
          .priority(22)
          .generationConfig(GenerationConfig.fromJson("{\"guidance_scale\": 2.3}"))
          .build();

  @Test
  void anythingIsLeftWhereTheOtherSaysNothing() {
    ChatRequestParameters nothing = ChatRequestParameters.builder().build();
    assertThat(ALL.overrideWith(nothing)).isEqualTo(ALL);
    assertThat(ALL.defaultedBy(nothing)).isEqualTo(ALL);
    assertThat(nothing.overrideWith(ALL)).isEqualTo(ALL);
    assertThat(nothing.defaultedBy(ALL)).isEqualTo(ALL);
    assertThat(PolyLmChatRequestParameters.EMPTY.overrideWith(ALL)).isEqualTo(ALL);
    assertThat(ALL).isNotEqualTo(PolyLmChatRequestParameters.EMPTY).hasSameHashCodeAs(copy());
    assertThat(ALL.toString()).contains("temperature=0.5", "earlyStopping=TRUE", "minP=0.16");
  }

  private static PolyLmChatRequestParameters copy() {
    return PolyLmChatRequestParameters.builder().overrideWith(ALL).build();
  }

  @Test
  void theOneThatOverridesWins() {
    PolyLmChatRequestParameters other =
        PolyLmChatRequestParameters.builder().temperature(1.0).numBeams(2).build();
    assertThat(ALL.overrideWith(other).temperature()).isEqualTo(1.0);
    assertThat(ALL.overrideWith(other).numBeams()).isEqualTo(2);
    assertThat(ALL.overrideWith(other).minP()).isEqualTo(0.16);
    assertThat(ALL.defaultedBy(other)).isEqualTo(ALL);
  }

  @Test
  void settingsOfTheSdkAreMergedOneByOne() {
    PolyLmChatRequestParameters other =
        PolyLmChatRequestParameters.builder()
            .generationConfig(
                GenerationConfig.fromJson("{\"guidance_scale\": 4, \"renormalize_logits\": true}"))
            .build();
    assertThat(ALL.overrideWith(other).generationConfig())
        .isEqualTo(
            GenerationConfig.fromJson("{\"guidance_scale\": 4, \"renormalize_logits\": true}"));
    assertThat(ALL.defaultedBy(other).generationConfig())
        .isEqualTo(
            GenerationConfig.fromJson("{\"guidance_scale\": 2.3, \"renormalize_logits\": true}"));
  }

  @Test
  void whatIsGivenIsCopied() {
    Map<Integer, Double> bias = new HashMap<>(Map.of(1, 1.0));
    PolyLmChatRequestParameters parameters =
        PolyLmChatRequestParameters.builder().logitBias(bias).build();
    bias.put(2, 2.0);
    assertThat(parameters.logitBias()).isEqualTo(Map.of(1, 1.0));
  }

  /** Another provider's may say more, which would be lost without a word. */
  @Test
  void thoseOfAnotherProviderAreRefused() {
    ChatRequestParameters foreign = new Foreign(DefaultChatRequestParameters.builder());
    assertThatThrownBy(() -> ALL.overrideWith(foreign))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessage(
            "%s is not supported by PolyLM, expected PolyLmChatRequestParameters or what ChatRequestParameters.builder() builds",
            Foreign.class.getName());
  }

  private static final class Foreign extends DefaultChatRequestParameters {
    Foreign(DefaultChatRequestParameters.Builder<?> builder) {
      super(builder);
    }
  }
}

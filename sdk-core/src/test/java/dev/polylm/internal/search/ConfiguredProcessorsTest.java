package dev.polylm.internal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.logits.ProcessorChainBuilder;
import dev.polylm.internal.logits.TokenBuffer;
import dev.polylm.internal.logits.Workspace;
import dev.polylm.logits.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredProcessorsTest {
  private static final GenerationConfig EMPTY = GenerationConfig.builder().build();

  private static ProcessorChainBuilder chain(String json) {
    return ConfiguredProcessors.of(GenerationConfig.fromJson(json).over(EMPTY), 100, 48);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"repetition_penalty\":1.0,\"frequency_penalty\":0.0,\"no_repeat_ngram_size\":0}",
        "{\"do_sample\":true,\"top_k\":0,\"temperature\":1.0,\"top_p\":1.0,\"typical_p\":1.0}",
        "{\"do_sample\":true,\"top_k\":0,\"epsilon_cutoff\":0.0,\"eta_cutoff\":0.0}",
        "{\"guidance_scale\":2.0,\"min_length\":0,\"min_new_tokens\":null,\"eos_token_id\":2}"
      })
  void leavesOutWhatChangesNothing(String json) {
    assertThat(chain(json).build().isEmpty()).isTrue();
  }

  @Test
  void samplesTheBestFiftyByDefault() {
    float[] logits = new float[60];
    for (int id = 0; id < logits.length; id++) {
      logits[id] = id;
    }
    ConfiguredProcessors.of(GenerationConfig.builder().doSample(true).build().over(EMPTY), 100, 60)
        .build()
        .process(TokenBuffer.ofPrompt(1), logits, new Workspace());
    assertThat(logits[9]).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(logits[10]).isEqualTo(10);
  }

  @Test
  void inheritedTemperatureIsLeftOutOfGreedyDecoding() {
    GenerationConfig config =
        EMPTY.over(GenerationConfig.defaultsFromJson("{\"temperature\":0.7,\"top_p\":0.5}"));
    assertThat(ConfiguredProcessors.of(config, 100, 48).build().isEmpty()).isTrue();
  }

  @Test
  void takesAUsersProcessorBesideTheConfiguredOnes() {
    float[] logits = {1, 2, 3};
    GenerationConfig config =
        GenerationConfig.fromJson("{\"do_sample\":true,\"temperature\":0.5,\"top_k\":2}")
            .over(EMPTY);
    ConfiguredProcessors.of(config, 100, 3)
        .after(Step.TEMPERATURE, (ids, step) -> step[0] += 100)
        .build()
        .process(TokenBuffer.ofPrompt(1), logits, new Workspace());
    assertThat(logits).containsExactly(102, Float.NEGATIVE_INFINITY, 6);
  }

  @Test
  void minNewTokensGoesBeforeTheFilesMinLength() {
    float[] logits = {1, 2, 3};
    GenerationConfig config =
        EMPTY.over(
            GenerationConfig.defaultsFromJson(
                "{\"min_length\":50,\"min_new_tokens\":0,\"eos_token_id\":2}"));
    ConfiguredProcessors.of(config, 100, 3)
        .build()
        .process(TokenBuffer.ofPrompt(1), logits, new Workspace());
    assertThat(logits).containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sequence_bias         | [[[5,48],1.0]]
          logit_bias            | {"48":1.0}
          bad_words_ids         | [[5],[5,48]]
          suppress_tokens       | [5,48]
          begin_suppress_tokens | [48]
          forced_eos_token_id   | 48
          forced_bos_token_id   | 48
          eos_token_id          | [2,48]
          """)
  void refusesIdsThatTheModelDoesNotHave(String name, String value) {
    assertThatThrownBy(() -> chain("{\"%s\":%s}".formatted(name, value)))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("%s names id 48, must be below 48, the size of the model's vocabulary", name);
  }
}

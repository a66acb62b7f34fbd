package dev.polylm.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationConfigTest {
  private static final GenerationConfig EMPTY = GenerationConfig.builder().build();

  private static final String EVERY_SAMPLING_SETTING =
      """
      {"max_new_tokens":9,"min_new_tokens":2,"max_time":2.5,"stop_strings":["a","bc"],\
      "include_stop_string":true,"do_sample":true,"num_return_sequences":3,"seed":-7,\
      "temperature":0.7,"top_k":0,"top_p":0.8,"min_p":0.1,"top_h":0.4,"typical_p":0.9,\
      "epsilon_cutoff":0.001,"eta_cutoff":0.002,"repetition_penalty":1.02,\
      "frequency_penalty":0.5,"presence_penalty":-0.5,"no_repeat_ngram_size":3,\
      "bad_words_ids":[[5],[6,7]],"sequence_bias":[[[5],-3.0],[[6,7],2.5]],\
      "logit_bias":{"5":1.5},"suppress_tokens":[3],"begin_suppress_tokens":[4],\
      "forced_bos_token_id":8,"forced_eos_token_id":2,\
      "exponential_decay_length_penalty":[4,1.1],"renormalize_logits":true,\
      "remove_invalid_values":true,"guidance_scale":1.5,"negative_prompt":"no",\
      "bos_token_id":1,"eos_token_id":[2,3],"pad_token_id":0,"output_logprobs":true,\
      "top_logprobs":4}""";

  private static GenerationConfig everySamplingSetting() {
    return GenerationConfig.builder()
        .maxNewTokens(9)
        .minNewTokens(2)
        .maxTime(Duration.ofMillis(2500))
        .stopStrings(List.of("a", "bc"))
        .includeStopString(true)
        .doSample(true)
        .numReturnSequences(3)
        .seed(-7)
        .temperature(0.7)
        .topK(0)
        .topP(0.8)
        .minP(0.1)
        .topH(0.4)
        .typicalP(0.9)
        .epsilonCutoff(0.001)
        .etaCutoff(0.002)
        .repetitionPenalty(1.02)
        .frequencyPenalty(0.5)
        .presencePenalty(-0.5)
        .noRepeatNgramSize(3)
        .badWordsIds(List.of(List.of(5), List.of(6, 7)))
        .sequenceBias(Map.of(List.of(5), -3.0, List.of(6, 7), 2.5))
        .logitBias(Map.of(5, 1.5))
        .suppressTokens(List.of(3))
        .beginSuppressTokens(List.of(4))
        .forcedBosTokenId(8)
        .forcedEosTokenId(List.of(2))
        .exponentialDecayLengthPenalty(new ExponentialDecay(4, 1.1))
        .renormalizeLogits(true)
        .removeInvalidValues(true)
        .guidanceScale(1.5)
        .negativePrompt("no")
        .bosTokenId(1)
        .eosTokenId(List.of(2, 3))
        .padTokenId(0)
        .outputLogprobs(true)
        .topLogprobs(4)
        .build();
  }

  @Test
  void jsonAndBuilderSayTheSame() {
    GenerationConfig read = GenerationConfig.fromJson(EVERY_SAMPLING_SETTING);
    assertThat(read).isEqualTo(everySamplingSetting()).hasSameHashCodeAs(everySamplingSetting());
    assertThat(read.toJson()).isEqualTo(EVERY_SAMPLING_SETTING);
    assertThat(read).hasToString("GenerationConfig" + EVERY_SAMPLING_SETTING);
    assertThat(read.toBuilder().build()).isEqualTo(read);
    assertThat(read.over(EMPTY)).isEqualTo(read);
    assertThat(read.toBuilder().topK(1).build()).isNotEqualTo(read);
  }

  @Test
  void gettersGiveWhatWasRead() {
    GenerationConfig config = GenerationConfig.fromJson(EVERY_SAMPLING_SETTING);
    assertThat(config.maxNewTokens()).hasValue(9);
    assertThat(config.minNewTokens()).hasValue(2);
    assertThat(config.maxTime()).contains(Duration.ofMillis(2500));
    assertThat(config.stopStrings()).containsExactly("a", "bc");
    assertThat(config.includeStopString()).isTrue();
    assertThat(config.doSample()).isTrue();
    assertThat(config.numReturnSequences()).isEqualTo(3);
    assertThat(config.seed()).hasValue(-7);
    assertThat(config.noRepeatNgramSize()).isEqualTo(3);
    assertThat(config.badWordsIds()).containsExactly(List.of(5), List.of(6, 7));
    assertThat(config.sequenceBias()).containsEntry(List.of(6, 7), 2.5).hasSize(2);
    assertThat(config.logitBias()).isEqualTo(Map.of(5, 1.5));
    assertThat(config.suppressTokens()).containsExactly(3);
    assertThat(config.beginSuppressTokens()).containsExactly(4);
    assertThat(config.forcedBosTokenId()).hasValue(8);
    assertThat(config.forcedEosTokenId()).containsExactly(2);
    assertThat(config.exponentialDecayLengthPenalty()).contains(new ExponentialDecay(4, 1.1));
    assertThat(config.renormalizeLogits()).isTrue();
    assertThat(config.removeInvalidValues()).isTrue();
    assertThat(config.negativePrompt()).contains("no");
    assertThat(config.bosTokenId()).hasValue(1);
    assertThat(config.eosTokenId()).containsExactly(2, 3);
    assertThat(config.padTokenId()).hasValue(0);
    assertThat(config.outputLogprobs()).isTrue();
    assertThat(config.topLogprobs()).isEqualTo(4);
  }

  @Test
  void gettersGiveTheNumbersThatWereRead() {
    GenerationConfig config = GenerationConfig.fromJson(EVERY_SAMPLING_SETTING);
    assertThat(config.temperature()).isEqualTo(0.7);
    assertThat(config.topK()).isZero();
    assertThat(config.topP()).isEqualTo(0.8);
    assertThat(config.minP()).hasValue(0.1);
    assertThat(config.topH()).hasValue(0.4);
    assertThat(config.typicalP()).isEqualTo(0.9);
    assertThat(config.epsilonCutoff()).isEqualTo(0.001);
    assertThat(config.etaCutoff()).isEqualTo(0.002);
    assertThat(config.repetitionPenalty()).isEqualTo(1.02);
    assertThat(config.frequencyPenalty()).isEqualTo(0.5);
    assertThat(config.presencePenalty()).isEqualTo(-0.5);
    assertThat(config.guidanceScale()).isEqualTo(1.5);
  }

  @Test
  void readsBeamsLookupAndLengths() {
    GenerationConfig beams =
        GenerationConfig.fromJson(
            """
            {"max_length":128,"min_length":4,"early_stopping":"never","num_beams":4,"length_penalty":-1}""");
    assertThat(beams.maxLength()).hasValue(128);
    assertThat(beams.minLength()).isEqualTo(4);
    assertThat(beams.earlyStopping()).isEqualTo(EarlyStopping.NEVER);
    assertThat(beams.numBeams()).isEqualTo(4);
    assertThat(beams.lengthPenalty()).isEqualTo(-1);
    assertThat(GenerationConfig.fromJson(beams.toJson())).isEqualTo(beams);
    GenerationConfig lookup =
        GenerationConfig.fromJson(
            """
            {"prompt_lookup_num_tokens":10,"max_matching_ngram_size":3,"stop_strings":"x"}""");
    assertThat(lookup.promptLookupNumTokens()).hasValue(10);
    assertThat(lookup.maxMatchingNgramSize()).isEqualTo(3);
    assertThat(lookup.stopStrings()).containsExactly("x");
    GenerationConfig guided =
        GenerationConfig.fromJson("{\"guidance_scale\":2,\"negative_prompt_ids\":[5,6]}");
    assertThat(guided.negativePromptIds()).contains(List.of(5, 6));
    assertThat(GenerationConfig.fromJson(guided.toJson())).isEqualTo(guided);
  }

  @Test
  void readsBiasesAsHuggingFaceWritesThem() {
    String written = "{\"sequence_bias\":{\"(2297, 6097, 13)\":1.5,\"(6676,)\":-12}}";
    assertThat(GenerationConfig.fromJson(written).sequenceBias())
        .isEqualTo(Map.of(List.of(2297, 6097, 13), 1.5, List.of(6676), -12.0));
  }

  @Test
  void aTimeBeyondAllBoundsIsTheLongest() {
    assertThat(GenerationConfig.fromJson("{\"max_time\":1e300}").maxTime())
        .contains(Duration.ofNanos(Long.MAX_VALUE));
  }

  @Test
  void aTimeBelowANanosecondIsOne() {
    GenerationConfig config = GenerationConfig.fromJson("{\"max_time\":1e-12}");
    assertThat(config.maxTime()).contains(Duration.ofNanos(1));
    assertThat(config.toBuilder().maxTime(config.maxTime().orElseThrow()).build().maxTime())
        .contains(Duration.ofNanos(1));
  }

  @Test
  void earlyStoppingIsABooleanOrNever() {
    for (EarlyStopping value : EarlyStopping.values()) {
      GenerationConfig config = GenerationConfig.builder().numBeams(2).earlyStopping(value).build();
      assertThat(GenerationConfig.fromJson(config.toJson()).earlyStopping()).isEqualTo(value);
    }
    assertThat(GenerationConfig.builder().earlyStopping(EarlyStopping.TRUE).build().toJson())
        .isEqualTo("{\"early_stopping\":true}");
  }

  @Test
  void defaultsAreHuggingFaces() {
    assertThat(EMPTY.toJson()).isEqualTo("{}");
    assertThat(EMPTY.maxLength()).isEmpty();
    assertThat(EMPTY.maxNewTokens()).isEmpty();
    assertThat(EMPTY.minLength()).isZero();
    assertThat(EMPTY.earlyStopping()).isEqualTo(EarlyStopping.FALSE);
    assertThat(EMPTY.numBeams()).isEqualTo(1);
    assertThat(EMPTY.numReturnSequences()).isEqualTo(1);
    assertThat(EMPTY.lengthPenalty()).isEqualTo(1);
    assertThat(EMPTY.doSample()).isFalse();
    assertThat(EMPTY.temperature()).isEqualTo(1);
    assertThat(EMPTY.topK()).isEqualTo(50);
    assertThat(EMPTY.topP()).isEqualTo(1);
    assertThat(EMPTY.typicalP()).isEqualTo(1);
    assertThat(EMPTY.repetitionPenalty()).isEqualTo(1);
    assertThat(EMPTY.guidanceScale()).isEqualTo(1);
    assertThat(EMPTY.maxMatchingNgramSize()).isEqualTo(2);
    assertThat(EMPTY.promptLookupAnswers()).isFalse();
    assertThat(EMPTY.eosTokenId()).isEmpty();
    assertThat(EMPTY.maxTime()).isEmpty();
    assertThat(EMPTY.seed()).isEmpty();
    assertThat(EMPTY.negativePromptIds()).isEmpty();
    assertThat(EMPTY.promptLookupNumTokens()).isEmpty();
  }

  /** All that Hugging Face writes of a config in which nothing but two ids is set. */
  @ParameterizedTest
  @ValueSource(strings = {"4.57.6", "5.17.0"})
  void readsAllOfHuggingFacesNames(String version) throws IOException {
    String name = "/generation_config-" + version + ".json";
    try (InputStream in = GenerationConfigTest.class.getResourceAsStream(name)) {
      String json = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      GenerationConfig config = GenerationConfig.fromJson(json).over(EMPTY);
      assertThat(config.eosTokenId()).containsExactly(2);
      assertThat(config.bosTokenId()).hasValue(1);
      assertThat(config.doSample()).isFalse();
    }
  }

  @Test
  void readsTheConfigsOfTheModelCards() {
    GenerationConfig base =
        GenerationConfig.fromJson(
                """
                {"do_sample": false, "num_beams": 4, "max_length": 128, "early_stopping": true}""")
            .over(EMPTY);
    assertThat(base.earlyStopping()).isEqualTo(EarlyStopping.TRUE);
    GenerationConfig tuned =
        GenerationConfig.fromJson(
                """
                {"do_sample": true, "top_p": 0.8, "temperature": 0.7, "repetition_penalty": 1.02,
                 "max_new_tokens": 128, "eos_token_id": 2}""")
            .over(EMPTY);
    assertThat(tuned.topP()).isEqualTo(0.8);
  }

  @Test
  void keepsItsOwnCopies() {
    List<Integer> ids = new ArrayList<>(List.of(2));
    GenerationConfigBuilder builder = GenerationConfig.builder().eosTokenId(ids);
    GenerationConfig config = builder.build();
    ids.add(3);
    builder.topK(7);
    assertThat(config.eosTokenId()).containsExactly(2);
    assertThat(config.topK()).isEqualTo(50);
  }

  @Test
  void readsTextsOfAConfiguration() {
    GenerationConfig config =
        GenerationConfig.defaultsFromTexts(
            Map.of(
                "num-beams", "4",
                "topP", "0.5",
                "max.new.tokens", "7",
                "do_sample", "true",
                "negative_prompt", "12",
                "stop-strings", "[\"a\", \"b\"]",
                "early-stopping", "never"));
    assertThat(config.numBeams()).isEqualTo(4);
    assertThat(config.topP()).isEqualTo(0.5);
    assertThat(config.maxNewTokens()).hasValue(7);
    assertThat(config.doSample()).isTrue();
    assertThat(config.negativePrompt()).contains("12");
    assertThat(config.stopStrings()).containsExactly("a", "b");
    assertThat(config.earlyStopping()).isEqualTo(EarlyStopping.NEVER);
  }

  @Test
  void refusesTextsThatSayNoSetting() {
    assertThatThrownBy(() -> GenerationConfig.defaultsFromTexts(Map.of("num-beems", "4")))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("num-beems is not a generation setting, nearest: num_beams");
    assertThatThrownBy(() -> GenerationConfig.defaultsFromTexts(Map.of("num-beams", "four")))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("num_beams is \"four\", must be an integer of 32 bits");
    assertThatThrownBy(() -> GenerationConfig.defaultsFromTexts(Map.of("top-p", "")))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("top_p is , must be a number");
  }
}

package dev.polylm.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests, models' defaults, and the rules that join settings. */
class GenerationConfigOverTest {

  private static GenerationConfig over(String request, String defaults) {
    return GenerationConfig.fromJson(request).over(GenerationConfig.defaultsFromJson(defaults));
  }

  @Test
  void requestGoesBeforeDefaults() {
    GenerationConfig config =
        over(
            "{\"top_p\":0.5}",
            "{\"do_sample\":true,\"top_p\":0.8,\"temperature\":0.7,\"eos_token_id\":2}");
    assertThat(config.topP()).isEqualTo(0.5);
    assertThat(config.temperature()).isEqualTo(0.7);
    assertThat(config.doSample()).isTrue();
    assertThat(config.eosTokenId()).containsExactly(2);
    assertThat(config.topK()).isEqualTo(50);
  }

  @Test
  void anEmptyListTakesADefaultAway() {
    assertThat(over("{\"eos_token_id\":[]}", "{\"eos_token_id\":[2,3]}").eosTokenId()).isEmpty();
  }

  @Test
  void oneWayToSayItPutsTheOtherAside() {
    GenerationConfig tokens = over("{\"max_new_tokens\":5}", "{\"max_length\":30}");
    assertThat(tokens.maxNewTokens()).hasValue(5);
    assertThat(tokens.maxLength()).isEmpty();
    GenerationConfig length =
        over("{\"max_length\":30}", "{\"max_length\":50,\"max_new_tokens\":5}");
    assertThat(length.maxLength()).hasValue(30);
    assertThat(length.maxNewTokens()).isEmpty();
    GenerationConfig least = over("{\"min_length\":3}", "{\"min_new_tokens\":2}");
    assertThat(least.minNewTokens()).isEmpty();
    GenerationConfig negative =
        over("{\"guidance_scale\":2,\"negative_prompt\":\"a\"}", "{\"negative_prompt_ids\":[4]}");
    assertThat(negative.negativePromptIds()).isEmpty();
  }

  @Test
  void aModelsFileMayHoldBoth() {
    GenerationConfig config = over("{}", "{\"max_length\":30,\"max_new_tokens\":5}");
    assertThat(config.maxLength(10, 100)).isEqualTo(15);
    assertThat(config.toBuilder().maxLength(12).build().maxNewTokens()).isEmpty();
  }

  @Test
  void inheritedSettingsWithoutEffectAreNoError() {
    GenerationConfig config =
        over(
            "{\"do_sample\":false,\"num_beams\":1}",
            """
            {"do_sample":true,"temperature":0.7,"top_p":0.8,"top_k":5,"num_beams":4,
             "early_stopping":true,"length_penalty":2.0}""");
    assertThat(config.doSample()).isFalse();
    assertThatCode(() -> config.toBuilder().maxNewTokens(3).build()).doesNotThrowAnyException();
    assertThatThrownBy(() -> config.toBuilder().temperature(0.5).build())
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "temperature is 0.5, but do_sample is false; set do_sample to true or leave"
                + " temperature out");
  }

  @Test
  void defaultValuesAskForNothing() {
    assertThatCode(
            () ->
                over(
                    """
                    {"do_sample":false,"temperature":1.0,"top_k":50,"top_p":1.0,"typical_p":1.0,
                     "num_beams":1,"early_stopping":false,"length_penalty":1.0,"guidance_scale":1.0,
                     "num_return_sequences":1,"include_stop_string":false,"top_logprobs":0}""",
                    "{}"))
        .doesNotThrowAnyException();
  }

  @Test
  void whatDefaultsMaySettleIsNoErrorYet() {
    GenerationConfig request =
        GenerationConfig.builder().temperature(0.5).numReturnSequences(3).build();
    assertThat(request.over(GenerationConfig.builder().doSample(true).build()).numReturnSequences())
        .isEqualTo(3);
    assertThatThrownBy(() -> request.over(GenerationConfig.builder().build()))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("temperature is 0.5, but do_sample is false");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"max_length":9,"max_new_tokens":5}               | max_length is 9 and max_new_tokens is 5 are both set; set only one of them
          {"min_length":9,"min_new_tokens":5}               | min_length is 9 and min_new_tokens is 5 are both set; set only one of them
          {"guidance_scale":2,"negative_prompt":"a","negative_prompt_ids":[4]} | negative_prompt is "a" and negative_prompt_ids is [4] are both set; set only one of them
          {"min_new_tokens":9,"max_new_tokens":5}           | min_new_tokens is 9, must be at most max_new_tokens, which is 5
          {"min_length":9,"max_length":5}                   | min_length is 9, must be at most max_length, which is 5
          {"do_sample":false,"temperature":0.7}             | temperature is 0.7, but do_sample is false; set do_sample to true or leave temperature out
          {"do_sample":false,"top_k":3}                     | top_k is 3, but do_sample is false; set do_sample to true or leave top_k out
          {"do_sample":false,"top_p":0.5}                   | top_p is 0.5, but do_sample is false; set do_sample to true or leave top_p out
          {"do_sample":false,"min_p":0.5}                   | min_p is 0.5, but do_sample is false; set do_sample to true or leave min_p out
          {"do_sample":false,"top_h":0.5}                   | top_h is 0.5, but do_sample is false; set do_sample to true or leave top_h out
          {"do_sample":false,"typical_p":0.5}               | typical_p is 0.5, but do_sample is false; set do_sample to true or leave typical_p out
          {"do_sample":false,"epsilon_cutoff":0.1}          | epsilon_cutoff is 0.1, but do_sample is false; set do_sample to true or leave epsilon_cutoff out
          {"do_sample":false,"eta_cutoff":0.1}              | eta_cutoff is 0.1, but do_sample is false; set do_sample to true or leave eta_cutoff out
          {"num_beams":1,"early_stopping":true}             | early_stopping is true, but num_beams is 1; set num_beams above 1 or leave early_stopping out
          {"num_beams":1,"length_penalty":2.0}              | length_penalty is 2.0, but num_beams is 1; set num_beams above 1 or leave length_penalty out
          {"num_beams":2,"num_return_sequences":3}          | num_return_sequences is 3, must be at most num_beams, which is 2
          {"num_beams":1,"do_sample":false,"num_return_sequences":3} | num_return_sequences is 3, must be 1 if num_beams is 1 and do_sample is false: greedy decoding gives one answer
          {"prompt_lookup_num_tokens":3,"num_beams":2}      | prompt_lookup_num_tokens is 3, but num_beams is 2: prompt lookup works only with greedy decoding
          {"prompt_lookup_num_tokens":3,"do_sample":true}   | prompt_lookup_num_tokens is 3, but do_sample is true: prompt lookup works only with greedy decoding
          {"prompt_lookup_num_tokens":3,"guidance_scale":2.0} | prompt_lookup_num_tokens is 3, but guidance_scale is 2.0: prompt lookup works only with greedy decoding
          {"suppress_tokens":[2,3],"forced_eos_token_id":2} | forced_eos_token_id is 2, but suppress_tokens is [2,3]: an id can't be forced and suppressed
          {"suppress_tokens":[2,3],"forced_bos_token_id":3} | forced_bos_token_id is 3, but suppress_tokens is [2,3]: an id can't be forced and suppressed
          {"negative_prompt":"a","guidance_scale":1.0}      | negative_prompt is "a", which needs guidance_scale other than 1
          {"include_stop_string":true,"stop_strings":[]}    | include_stop_string is true, which needs stop_strings
          {"top_logprobs":3,"output_logprobs":false}        | top_logprobs is 3, which needs output_logprobs to be true
          {"exponential_decay_length_penalty":[1,1.5],"eos_token_id":[]} | exponential_decay_length_penalty is [1,1.5], which needs eos_token_id
          """)
  void contradictionsWithinARequestAreErrors(String json, String message) {
    assertThatThrownBy(() -> GenerationConfig.fromJson(json))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"temperature":0.7}                               | temperature is 0.7, but do_sample is false; set do_sample to true or leave temperature out
          {"early_stopping":"never"}                        | early_stopping is "never", but num_beams is 1; set num_beams above 1 or leave early_stopping out
          {"num_return_sequences":3}                        | num_return_sequences is 3, must be 1 if num_beams is 1 and do_sample is false: greedy decoding gives one answer
          {"negative_prompt_ids":[4]}                       | negative_prompt_ids is [4], which needs guidance_scale other than 1
          {"include_stop_string":true}                      | include_stop_string is true, which needs stop_strings
          {"top_logprobs":3}                                | top_logprobs is 3, which needs output_logprobs to be true
          {"max_matching_ngram_size":3}                     | max_matching_ngram_size is 3, which needs prompt_lookup_num_tokens
          {"prompt_lookup_answers":true}                    | prompt_lookup_answers is true, which needs prompt_lookup_num_tokens
          {"exponential_decay_length_penalty":[1,1.5]}      | exponential_decay_length_penalty is [1,1.5], which needs eos_token_id
          """)
  void contradictionsWithDefaultValuesAreErrorsOnceAllIsKnown(String json, String message) {
    GenerationConfig request = GenerationConfig.fromJson(json);
    assertThatThrownBy(() -> request.over(GenerationConfig.defaultsFromJson("{}")))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(message);
  }

  @Test
  void rowsThatCantBeGivenAreAnErrorWhoeverAsked() {
    assertThatThrownBy(
            () -> over("{\"num_beams\":1}", "{\"num_beams\":4,\"num_return_sequences\":2}"))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("num_return_sequences is 2, must be 1 if num_beams is 1");
  }

  @Test
  void lengthsFollowHuggingFace() {
    GenerationConfig nothing = over("{}", "{}");
    assertThat(nothing.maxLength(7, 2048)).isEqualTo(263);
    assertThat(nothing.maxLength(2040, 2048)).isEqualTo(2048);
    assertThat(over("{\"max_length\":30}", "{}").maxLength(7, 2048)).isEqualTo(30);
    assertThat(over("{\"max_new_tokens\":30}", "{}").maxLength(7, 2048)).isEqualTo(37);
    assertThat(over("{\"max_new_tokens\":2147483647}", "{}").maxLength(7, 2048)).isEqualTo(2048);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                    | 2048 | prompt has 2048 tokens, must be fewer than the model's context of 2048
          {}                    | 3000 | prompt has 3000 tokens, must be fewer than the model's context of 2048
          {"max_length":30}     | 30   | prompt has 30 tokens, must be fewer than max_length, which is 30
          {"min_new_tokens":257} | 5    | min_new_tokens is 257, must be at most 256, the new tokens that max_new_tokens, max_length or their default of 256 allow
          {"min_length":30,"max_new_tokens":5} | 6 | min_length is 30, must be at most 11, the length that max_new_tokens, max_length or a default of 256 new tokens allow
          """)
  void promptsThatLeaveNoRoomAreErrors(String json, int promptLength, String message) {
    GenerationConfig config = over(json, "{}");
    assertThatThrownBy(() -> config.maxLength(promptLength, 2048))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(message);
  }
}

package dev.polylm.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationConfigErrorsTest {

  private static void assertRefused(String json, String message) {
    assertThatThrownBy(() -> GenerationConfig.fromJson(json))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          max_length                       | 0             | must be at least 1
          max_new_tokens                   | 0             | must be at least 1
          min_length                       | -1            | must be at least 0
          min_new_tokens                   | -1            | must be at least 0
          max_time                         | 0.0           | must be a finite number above 0
          stop_strings                     | ["a",""]      | must hold strings that are not empty
          num_beams                        | 0             | must be at least 1
          num_return_sequences             | 0             | must be at least 1
          length_penalty                   | 1.0E300       | must be a finite number
          temperature                      | 0.0           | must be a number above 0
          temperature                      | -1.0          | must be a number above 0
          temperature                      | 1.0E-60       | must be a number above 0
          temperature                      | 1.0E300       | must be at most 3.4028235E38
          top_k                            | -1            | must be at least 0
          top_p                            | 1.5           | must be from 0.0 to 1.0
          top_p                            | -0.1          | must be from 0.0 to 1.0
          min_p                            | 2.0           | must be from 0.0 to 1.0
          top_h                            | 0.0           | must be above 0 and at most 1
          top_h                            | 1.1           | must be above 0 and at most 1
          typical_p                        | 0.0           | must be above 0 and at most 1
          epsilon_cutoff                   | 1.0           | must be at least 0 and below 1
          eta_cutoff                       | -0.1          | must be at least 0 and below 1
          repetition_penalty               | 0.0           | must be a number above 0
          frequency_penalty                | 2.1           | must be from -2.0 to 2.0
          presence_penalty                 | -2.1          | must be from -2.0 to 2.0
          no_repeat_ngram_size             | -1            | must be at least 0
          bad_words_ids                    | [[5],[]]      | must hold sequences of one or more ids of at least 0
          bad_words_ids                    | [[-5]]        | must hold sequences of one or more ids of at least 0
          sequence_bias                    | [[[],1.0]]    | must give sequences of one or more ids of at least 0 a finite number
          sequence_bias                    | [[[5],1.0E39]] | must give sequences of one or more ids of at least 0 a finite number
          logit_bias                       | {"5":-1.0E39} | must give ids of at least 0 a finite number
          suppress_tokens                  | [3,-1]        | must hold ids of at least 0
          begin_suppress_tokens            | [-1]          | must hold ids of at least 0
          forced_bos_token_id              | -1            | must be at least 0
          forced_eos_token_id              | -1            | must hold ids of at least 0
          exponential_decay_length_penalty | [-1,1.1]      | must be a start of at least 0 and a factor above 0
          exponential_decay_length_penalty | [1,0.0]       | must be a start of at least 0 and a factor above 0
          guidance_scale                   | 1.0E39        | must be a finite number
          negative_prompt_ids              | []            | must hold one or more ids of at least 0
          bos_token_id                     | -1            | must be at least 0
          eos_token_id                     | [2,-1]        | must hold ids of at least 0
          pad_token_id                     | -1            | must be at least 0
          prompt_lookup_num_tokens         | 0             | must be at least 1
          max_matching_ngram_size          | 0             | must be at least 1
          top_logprobs                     | -1            | must be at least 0
          """)
  void namesSettingValueAndRange(String name, String value, String range) {
    assertRefused(
        "{\"%s\":%s}".formatted(name, value), "%s is %s, %s".formatted(name, value, range));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          num_beams                        | "four"        | must be an integer of 32 bits
          num_beams                        | 4.5           | must be an integer of 32 bits
          num_beams                        | 99999999999   | must be an integer of 32 bits
          seed                             | 1.5           | must be an integer of 64 bits
          temperature                      | "hot"         | must be a number
          temperature                      | 1E+400        | must be a number of 64 bits
          temperature                      | -1E+400       | must be a number of 64 bits
          logit_bias                       | {"5":1E+400}  | must be an object of ids and numbers
          do_sample                        | 1             | must be true or false
          early_stopping                   | "always"      | must be true, false or "never"
          negative_prompt                  | 5             | must be a string
          stop_strings                     | [1]           | must be a string or a list of strings
          suppress_tokens                  | 5             | must be a list of integers
          eos_token_id                     | "2"           | must be an integer or a list of integers
          bad_words_ids                    | [5]           | must be a list of lists of integers
          sequence_bias                    | [[[5],"x"]]   | must be a list of [[ids], bias]
          sequence_bias                    | {"5":1}       | must be a list of [[ids], bias]
          sequence_bias                    | {"(5)":1}     | must be a list of [[ids], bias]
          sequence_bias                    | {"(5,)":"x"}  | must be a list of [[ids], bias]
          sequence_bias                    | 5             | must be a list of [[ids], bias]
          logit_bias                       | [5]           | must be an object of ids and numbers
          logit_bias                       | {"a":1}       | must be an object of ids and numbers
          logit_bias                       | {"-5":1}      | must be an object of ids and numbers
          exponential_decay_length_penalty | [1]           | must be a list [start index, decay factor]
          """)
  void namesSettingValueAndType(String name, String value, String type) {
    assertRefused(
        "{\"%s\":%s}".formatted(name, value), "%s is %s, %s".formatted(name, value, type));
  }

  @Test
  void namesAnUnknownKeyAndItsNeighbours() {
    assertRefused(
        "{\"temprature\":1}", "temprature is not a generation setting, nearest: temperature");
    assertRefused(
        "{\"maxNewTokens\":1}",
        "maxNewTokens is not a generation setting, nearest: max_new_tokens");
    assertRefused("{\"colour\":1}", "colour is not a generation setting");
    assertRefused("{\"colour\":null}", "colour is not a generation setting");
    assertRefused(
        "{\"mix_length\":1}",
        "mix_length is not a generation setting, nearest: max_length, min_length");
    assertRefused(
        "{\"" + "x".repeat(1000) + "\":1}", "x".repeat(80) + "... is not a generation setting");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          num_beam_groups      | 2                  | must be null or 1
          diversity_penalty    | 0.5                | must be null or 0.0
          penalty_alpha        | 0.6                | must be null or 0.0
          output_scores        | true               | must be null or false
          watermarking_config  | {"bias":1}         | must be null
          constraints          | [1]                | must be null
          force_words_ids      | [[1]]              | must be null
          dola_layers          | "low"              | must be null
          cache_implementation | "static"           | must be null
          assistant_early_exit | 3                  | must be null
          num_assistant_tokens | 7                  | must be null or 5
          """)
  void namesWhatIsNotSupported(String name, String value, String expected) {
    assertRefused(
        "{\"%s\":%s}".formatted(name, value),
        "%s is %s, which is not supported; %s".formatted(name, value, expected));
  }

  @Test
  void letsThroughWhatAsksForNothing() {
    GenerationConfig config =
        GenerationConfig.fromJson(
            """
            {"num_beam_groups":1,"diversity_penalty":0,"use_cache":false,"constraints":null,
             "transformers_version":"5.17.0","_from_model_config":true,"top_p":null,
             "num_assistant_tokens_schedule":"constant","num_assistant_tokens":20}""");
    assertThat(config.toJson()).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          return_dict_in_generate | true | every result is an object
          decoder_start_token_id  | 1    | a decoder begins with the prompt
          compile_config          | {}   | nothing is compiled
          disable_compile         | true | nothing is compiled
          use_cache               | false | keys and values are always cached
          """)
  void warnsOfWhatMakesNoDifference(String name, String value, String reason) throws IOException {
    assertThat(ForeignSettings.check(name, new ObjectMapper().readTree(value)))
        .isEqualTo("%s is %s, which has no effect: %s".formatted(name, value, reason));
    assertThat(ForeignSettings.check(name, NullNode.getInstance())).isNull();
  }

  @Test
  void warnsOfNothingThatHoldsAnyway() throws IOException {
    ObjectMapper json = new ObjectMapper();
    assertThat(ForeignSettings.check("use_cache", json.readTree("true"))).isNull();
    assertThat(ForeignSettings.check("transformers_version", json.readTree("\"5\""))).isNull();
  }

  @Test
  void warnsOfIdsThatMakeNoDifference() {
    SettingValues values = new SettingValues();
    assertThat(ForeignSettings.unheeded(values)).isEmpty();
    values.set(Settings.BOS_TOKEN_ID, 1);
    values.set(Settings.PAD_TOKEN_ID, 0);
    assertThat(ForeignSettings.unheeded(values))
        .containsExactly(
            "bos_token_id is 1, which has no effect: the tokenizer begins a prompt",
            "pad_token_id is 0, which has no effect: nothing is padded");
  }

  @Test
  void setsBySettingsNames() {
    GenerationConfig config =
        GenerationConfig.builder()
            .set("num_beams", 4)
            .set("early_stopping", EarlyStopping.NEVER)
            .set("max_time", Duration.ofMillis(1500))
            .set("stop_strings", List.of("a", "b"))
            .set("logit_bias", Map.of(5, 1.5))
            .build();
    assertThat(config)
        .isEqualTo(
            GenerationConfig.fromJson(
                """
                {"num_beams":4,"early_stopping":"never","max_time":1.5,"stop_strings":["a","b"],
                 "logit_bias":{"5":1.5}}"""));
    GenerationConfigBuilder builder = GenerationConfig.builder();
    assertThatThrownBy(() -> builder.set("num_beam", 4))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("num_beam is not a generation setting, nearest: num_beams");
    assertThatThrownBy(() -> builder.set("num_beams", "four"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("num_beams is \"four\", must be an integer of 32 bits");
  }

  @Test
  void refusesWhatIsNoJsonObject() {
    assertRefused("[1]", "generation config is not a JSON object: [1]");
    assertRefused("", "generation config is not a JSON object: ");
    assertThatThrownBy(() -> GenerationConfig.fromJson("{\"top_k\":1"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("generation config is not JSON: it ends too early at line 1, column 11");
    assertThatThrownBy(() -> GenerationConfig.fromJson("{\"top_k\":1,\"top_k\":2}"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("generation config is not JSON: Duplicate field 'top_k' at line 1, column 19");
    assertThatThrownBy(() -> GenerationConfig.fromJson("{} x"))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("generation config is not JSON: Unrecognized token 'x'");
    assertThatThrownBy(() -> GenerationConfig.fromJson("[".repeat(100_000)))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "generation config is not JSON: Document nesting depth (1001) exceeds the maximum"
                + " allowed (1000)");
  }

  @Test
  void shortensLongValues() {
    assertRefused(
        "{\"top_k\":\"" + "x".repeat(200) + "\"}",
        "top_k is \"" + "x".repeat(79) + "..., must be an integer of 32 bits");
    assertRefused(
        "{\"suppress_tokens\":[-1" + ",1".repeat(1000) + "]}",
        "suppress_tokens is [-1" + ",1".repeat(38) + ",..., must hold ids of at least 0");
  }

  @Test
  void builderRefusesAtOnce() {
    GenerationConfigBuilder builder = GenerationConfig.builder();
    assertThatThrownBy(() -> builder.topP(Double.NaN))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("top_p is NaN, must be from 0.0 to 1.0");
    assertThatThrownBy(() -> builder.maxTime(Duration.ZERO))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("max_time is 0.0, must be a finite number above 0");
    assertThatThrownBy(() -> builder.suppressTokens(List.of(-4)))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("suppress_tokens is [-4], must hold ids of at least 0");
    assertThat(builder.build().toJson()).isEqualTo("{}");
  }
}

package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.GenerationStream;
import dev.polylm.logits.Step;
import dev.polylm.logits.TokenLogProbability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers under constraints, on a real model. */
final class ConstrainedGenerationTest {
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to German.";
  private static final Constraint PERSON =
      Constraint.jsonSchema(
          """
          {"type": "object", "additionalProperties": false, "required": ["translation", "sure"],
           "properties": {"translation": {"type": "string", "maxLength": 40},
                          "sure": {"type": "boolean"}, "score": {"type": "integer"}}}\
          """);
  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  private static GenerationRequest request(Constraint constraint, String config) {
    return GenerationRequest.ofPrompt(PROMPT)
        .withConfig(GenerationConfig.fromJson(config))
        .withConstraint(constraint);
  }

  private static GeneratedSequence answer(Constraint constraint, String config) {
    return polyLm.generate(request(constraint, config)).sequences().get(0);
  }

  static List<JsonNode> recorded() {
    return Fixtures.list(Fixtures.read("constrained.json"));
  }

  private static Constraint constraint(JsonNode fixture) {
    JsonNode given = fixture.get("constraint");
    return fixture.get("kind").textValue().equals("regex")
        ? Constraint.regex(given.textValue())
        : Constraint.choice(Fixtures.list(given).stream().map(JsonNode::textValue).toList());
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void givesWhatHuggingFaceGivesWithPrefixAllowedTokens(JsonNode fixture) {
    GenerationResult result =
        polyLm.generate(Fixtures.request(fixture).withConstraint(constraint(fixture)));
    assertThat(result.sequences()).hasSameSizeAs(fixture.get("sequences"));
    for (int i = 0; i < result.sequences().size(); i++) {
      GeneratedSequence sequence = result.sequences().get(i);
      int limit = fixture.get("config").get("max_new_tokens").intValue();
      assertThat(endedAs(sequence, limit))
          .isEqualTo(Fixtures.ints(fixture.get("sequences").get(i)));
      if (fixture.has("sequences_scores")) {
        assertThat(sequence.score().orElseThrow())
            .isCloseTo(fixture.get("sequences_scores").get(i).doubleValue(), within(1e-3));
      }
    }
  }

  /** Hugging Face asks the model for the end even if nothing else may follow, up to the limit. */
  private static int[] endedAs(GeneratedSequence sequence, int limit) {
    int[] ids = sequence.ids();
    if (sequence.finishReason() == FinishReason.CONSTRAINT && ids.length < limit) {
      ids = Arrays.copyOf(ids, ids.length + 1);
      ids[ids.length - 1] = polyLm.tokenizer().eosTokenId();
    }
    return ids;
  }

  @Test
  void jsonIsValidHoweverTheModelChooses() throws Exception {
    for (int seed = 0; seed < 12; seed++) {
      GeneratedSequence answer =
          answer(
              PERSON, "{\"do_sample\": true, \"temperature\": 1.5, \"seed\": %d}".formatted(seed));
      assertThat(answer.finishReason()).isEqualTo(FinishReason.CONSTRAINT);
      JsonNode json = new ObjectMapper().readTree(answer.text());
      assertThat(json.get("translation").textValue()).hasSizeLessThanOrEqualTo(40);
      assertThat(json.get("sure").isBoolean()).isTrue();
      assertThat(json.size()).isEqualTo(json.has("score") ? 3 : 2);
    }
  }

  @Test
  void severalSequencesEachHaveTheirState() {
    GenerationResult result =
        polyLm.generate(
            request(
                Constraint.regex("[a-z]{1,8}(?: [a-z]{1,8}){2}"),
                "{\"do_sample\": true, \"num_return_sequences\": 4, \"temperature\": 2.0, \"seed\":"
                    + " 5}"));
    List<String> texts = result.sequences().stream().map(GeneratedSequence::text).toList();
    assertThat(texts).allMatch(text -> text.matches("[a-z]{1,8}(?: [a-z]{1,8}){2}"));
    assertThat(texts).doesNotHaveDuplicates();
  }

  @Test
  void guidanceAndTheMask() {
    GeneratedSequence answer =
        answer(
            Constraint.choice(List.of("Peking", "Berlin ist", "Rom")),
            "{\"guidance_scale\": 2.0, \"negative_prompt\": \"Rome\"}");
    assertThat(answer.text()).isIn("Peking", "Berlin ist", "Rom");
  }

  @Test
  void isStreamedAsItIs() {
    GenerationRequest request = request(PERSON, "{\"max_new_tokens\": 60}");
    try (GenerationStream stream = polyLm.stream(request)) {
      StringBuilder heard = new StringBuilder();
      stream.forEach(heard::append);
      assertThat(heard).hasToString(polyLm.generate(request).text());
    }
  }

  @Test
  void idsAreTheSameAloneAndBesideOthers() {
    List<GenerationRequest> requests = new ArrayList<>();
    List<String> configs =
        List.of(
            "{\"max_new_tokens\": 40}",
            "{\"max_new_tokens\": 40, \"num_beams\": 3}",
            "{\"max_new_tokens\": 40, \"do_sample\": true, \"seed\": 3}",
            "{\"max_new_tokens\": 40, \"prompt_lookup_num_tokens\": 4}");
    List<Constraint> constraints =
        List.of(PERSON, Constraint.json(), Constraint.regex("[A-Z][a-z]+( [a-z]+){2,6}\\."));
    for (String config : configs) {
      constraints.forEach(constraint -> requests.add(request(constraint, config)));
    }
    List<List<Integer>> alone = requests.stream().map(r -> ids(polyLm.generate(r))).toList();
    for (GenerationRequest request : requests.subList(0, 9)) {
      List<GenerationRequest> nine = new ArrayList<>(Collections.nCopies(8, requests.get(1)));
      nine.replaceAll(other -> requests.get((nine.indexOf(other) + 5) % requests.size()));
      nine.add(4, request);
      List<Integer> beside = ids(polyLm.generateAll(nine).get(4));
      assertThat(beside).isEqualTo(alone.get(requests.indexOf(request)));
    }
    List<GenerationResult> together = polyLm.generateAll(requests);
    assertThat(together.stream().map(ConstrainedGenerationTest::ids)).isEqualTo(alone);
  }

  private static List<Integer> ids(GenerationResult result) {
    return Arrays.stream(result.sequences().get(0).ids()).boxed().toList();
  }

  @Test
  void draftsOfForcedTextChangeNoId() {
    GenerationResult drafted = polyLm.generate(request(PERSON, "{\"max_new_tokens\": 60}"));
    assertThat(drafted.draftCounts().accepted()).isPositive();
    GenerationConfig apart =
        GenerationConfig.fromJson("{\"max_new_tokens\": 60, \"num_beams\": 1}");
    List<GenerationRequest> two =
        Collections.nCopies(2, request(PERSON, apart.toJson())); // two rows read no drafts
    for (GenerationResult plain : polyLm.generateAll(two)) {
      assertThat(ids(plain)).isEqualTo(ids(drafted));
    }
  }

  /**
   * The prompt repeats a member that the form forbids, so that it is guessed. In vllm-project/vllm
   * (15554, 44006) such drafts were read past the grammar, or ended the request.
   */
  @Test
  void draftsOfThePromptAreCutWhereTheFormForbidsThem() throws Exception {
    String said = "{\"translation\": \"no\", \"other\": 1}\n";
    GenerationRequest request = GenerationRequest.ofPrompt(said.repeat(3)).withConstraint(PERSON);
    GenerationConfig plain = GenerationConfig.builder().maxNewTokens(120).build();
    GenerationConfig lookup = plain.toBuilder().promptLookupNumTokens(12).build();
    GenerationResult guessed = polyLm.generate(request.withConfig(lookup));
    assertThat(ids(guessed)).isEqualTo(ids(polyLm.generate(request.withConfig(plain))));
    assertThat(guessed.draftCounts().drafted()).isPositive();
    JsonNode json = new ObjectMapper().readTree(guessed.text());
    assertThat(json.has("other")).isFalse();
    assertThat(json.get("sure").isBoolean()).isTrue();
  }

  @Test
  void logProbabilitiesAreTheModelsAndThoseOfTheMask() {
    int vocabulary = polyLm.tokenizer().vocabSize();
    GeneratedSequence answer =
        answer(
            Constraint.regex("[0-9]{3}"),
            "{\"output_logprobs\": true, \"top_logprobs\": %d}".formatted(vocabulary));
    for (int i = 0; i < answer.ids().length; i++) {
      int[] before = Arrays.copyOf(answer.ids(), i);
      double allowed =
          answer.topLogprobs().get(i).stream()
              .filter(top -> mayFollow(before, top.id()))
              .mapToDouble(top -> Math.exp(top.logProbability()))
              .sum();
      double expected = answer.tokenLogprobs()[i] - Math.log(allowed);
      assertThat(answer.tokenLogprobs()[i]).isEqualTo(own(answer, i));
      assertThat((double) answer.constrainedLogprobs()[i]).isCloseTo(expected, within(1e-4));
      assertThat(answer.constrainedLogprobs()[i]).isGreaterThan(answer.tokenLogprobs()[i]);
    }
  }

  private static float own(GeneratedSequence answer, int position) {
    return answer.topLogprobs().get(position).stream()
        .filter(top -> top.id() == answer.ids()[position])
        .map(TokenLogProbability::logProbability)
        .findFirst()
        .orElseThrow();
  }

  /** Whether ids and one more are up to three digits, and the one more is not in vain. */
  private static boolean mayFollow(int[] before, int id) {
    int[] ids = Arrays.copyOf(before, before.length + 1);
    ids[before.length] = id;
    String text = polyLm.tokenizer().decode(ids);
    boolean boundary = polyLm.tokenizer().pieces(ids).equals(List.of("\u2581"));
    boolean writes = text.length() > polyLm.tokenizer().decode(before).length();
    return boundary || (writes && text.matches("[0-9]{1,3}"));
  }

  @Test
  void beamsHaveTheSecondLogProbabilityToo() {
    GeneratedSequence greedy = answer(PERSON, "{\"output_logprobs\": true}");
    GeneratedSequence beams = answer(PERSON, "{\"output_logprobs\": true, \"num_beams\": 2}");
    assertThat(greedy.constrainedLogprobs()).hasSameSizeAs(greedy.ids());
    assertThat(beams.constrainedLogprobs()).hasSameSizeAs(beams.ids());
    IntStream.range(0, beams.ids().length)
        .forEach(
            i ->
                assertThat(beams.constrainedLogprobs()[i])
                    .isBetween(beams.tokenLogprobs()[i] - 1e-5f, 1e-5f));
    assertThat(
            polyLm
                .generate(
                    GenerationRequest.ofPrompt(PROMPT)
                        .withConfig(GenerationConfig.fromJson("{\"output_logprobs\": true}")))
                .sequences()
                .get(0)
                .constrainedLogprobs())
        .isEmpty();
  }

  @Test
  void theLimitCutsAndSaysSo() {
    GeneratedSequence answer = answer(PERSON, "{\"max_new_tokens\": 12}");
    assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(answer.ids()).hasSize(12);
    String written = answer.text().replaceAll("\\s", "");
    assertThat("{\"translation\":\"").startsWith(written).hasSizeGreaterThan(written.length());
  }

  @Test
  void aStopStringEndsAnUnfinishedForm() {
    GeneratedSequence answer = answer(PERSON, "{\"stop_strings\": [\"translation\"]}");
    assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP_STRING);
    assertThat(answer.text()).matches("\\{\\s*\"");
  }

  @Test
  void aMinimumKeepsTheAnswerGoingWhileTheFormAllows() {
    GeneratedSequence answer =
        answer(
            Constraint.regex("[a-z]{1,200}"), "{\"min_new_tokens\": 12, \"max_new_tokens\": 90}");
    assertThat(answer.ids()).hasSizeGreaterThanOrEqualTo(12);
    assertThat(answer.text()).matches("[a-z]{1,200}");
  }

  @Test
  void settingsThatLeaveNoAllowedIdAreNamed() {
    Constraint digit = Constraint.regex("[0-9]");
    assertThatThrownBy(() -> answer(digit, "{\"min_new_tokens\": 9}"))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("min_new_tokens")
        .hasMessageContaining("regex [0-9]");
    int vocabulary = polyLm.tokenizer().vocabSize();
    String all = Arrays.toString(IntStream.range(3, vocabulary).toArray());
    for (String beams : List.of("1", "3")) {
      assertThatThrownBy(
              () ->
                  answer(
                      digit, "{\"suppress_tokens\": %s, \"num_beams\": %s}".formatted(all, beams)))
          .isInstanceOf(PolyLmException.class)
          .hasMessageContaining("no id is left after 0 new tokens");
    }
  }

  @Test
  void noProcessorUndoesTheMask() {
    int eos = polyLm.tokenizer().eosTokenId();
    for (Step step : List.of(Step.CUSTOM, Step.TEMPERATURE, Step.LOGIT_NORMALIZATION)) {
      GenerationRequest request =
          request(Constraint.regex("[a-z]{5}"), "{\"remove_invalid_values\": true}")
              .withProcessors(list -> list.after(step, (ids, logits) -> logits[eos] = 1000));
      assertThat(polyLm.generate(request).text()).matches("[a-z]{5}");
    }
    String forced = "{\"forced_eos_token_id\": %d, \"max_new_tokens\": 3}".formatted(eos);
    assertThatThrownBy(() -> answer(Constraint.regex("[a-z]{40,}"), forced))
        .hasMessageContaining("forced_eos_token_id");
  }

  @Test
  void anIdOfTextThatEndsAnswersComesOnlyWhereTheFormMayEnd() {
    int exclamation = polyLm.tokenizer().encode("a!")[1];
    String config =
        "{\"eos_token_id\": [2, %d], \"max_new_tokens\": 30, \"logit_bias\": {\"%d\": 90.0}}"
            .formatted(exclamation, exclamation);
    GeneratedSequence answer = answer(Constraint.regex("[a-z!]{6,9}"), config);
    assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP_TOKEN);
    assertThat(answer.text()).matches("[a-z!]{6,9}!?");
    assertThat(answer.ids()).containsOnlyOnce(exclamation).endsWith(exclamation);
  }
}

package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.logits.Step;
import dev.polylm.logits.TokenLogProbability;
import dev.polylm.scoring.Score;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stop strings, time, guidance, prompt lookup, seeds and alternatives on a real model. */
final class GenerationControlTest {
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to German.";
  private static final String ANSWER = "\nPeking ist die Hauptstadt von China.";
  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  private static GenerationResult answer(String prompt, String config) {
    return polyLm.generate(
        GenerationRequest.ofPrompt(prompt).withConfig(GenerationConfig.fromJson(config)));
  }

  static Set<String> prompts() {
    Set<String> prompts = new LinkedHashSet<>();
    Fixtures.read("generation.json").forEach(c -> prompts.add(c.get("prompt").textValue()));
    return prompts;
  }

  static List<JsonNode> guided() {
    return Fixtures.list(Fixtures.read("guidance.json"));
  }

  @ParameterizedTest
  @MethodSource("guided")
  void guidanceGivesWhatHuggingFaceGives(JsonNode fixture) {
    GenerationResult result =
        polyLm.generate(
            GenerationRequest.ofIds(Fixtures.ints(fixture.get("input_ids")))
                .withConfig(GenerationConfig.fromJson(fixture.get("config").toString())));
    assertThat(result.sequences().get(0).ids()).isEqualTo(Fixtures.ints(fixture.get("ids")));
  }

  @Test
  void guidanceWithBeamsIsRefused() {
    assertThatThrownBy(() -> answer(PROMPT, "{\"guidance_scale\": 2.0, \"num_beams\": 2}"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("guidance_scale is 2.0 and num_beams is 2: guidance works only without beams");
  }

  @ParameterizedTest
  @MethodSource("prompts")
  void promptLookupGivesWhatGreedyGives(String prompt) {
    GenerationResult greedy = answer(prompt, "{\"max_new_tokens\": 40, \"output_logprobs\": true}");
    GenerationResult lookup =
        answer(
            prompt,
            "{\"max_new_tokens\": 40, \"output_logprobs\": true, \"prompt_lookup_num_tokens\": 5}");

    GeneratedSequence expected = greedy.sequences().get(0);
    GeneratedSequence found = lookup.sequences().get(0);
    assertThat(found.ids()).isEqualTo(expected.ids());
    assertThat(found.text()).isEqualTo(expected.text());
    assertThat(found.finishReason()).isEqualTo(expected.finishReason());
    float[] logprobs = expected.tokenLogprobs();
    for (int i = 0; i < logprobs.length; i++) {
      assertThat(found.tokenLogprobs()[i]).isCloseTo(logprobs[i], within(1e-4f));
    }
    assertThat(greedy.draftCounts()).isEqualTo(new DraftCounts(0, 0));
    assertThat(lookup.draftCounts().accepted())
        .isBetween(0, Math.min(lookup.draftCounts().drafted(), expected.ids().length));
  }

  @Test
  void promptLookupFindsWhatRepeats() {
    int[] repeated = new int[60];
    Arrays.setAll(repeated, i -> 300 + i % 4);
    GenerationConfig config =
        GenerationConfig.fromJson(
            "{\"max_new_tokens\": 40, \"min_new_tokens\": 40, \"prompt_lookup_num_tokens\": 6}");
    GenerationResult result = polyLm.generate(GenerationRequest.ofIds(repeated).withConfig(config));
    assertThat(result.draftCounts().drafted()).isPositive();
    assertThat(result.sequences().get(0).ids()).hasSize(40);
    GenerationConfig any = config.toBuilder().promptLookupNumTokens(Integer.MAX_VALUE).build();
    assertThat(
            polyLm
                .generate(GenerationRequest.ofIds(repeated).withConfig(any))
                .sequences()
                .get(0)
                .ids())
        .isEqualTo(result.sequences().get(0).ids());
  }

  @Test
  void aStopStringEndsTheTextWhereverItBegins() {
    for (int start = 0; start < ANSWER.length(); start++) {
      for (int end = start + 1; end <= Math.min(ANSWER.length(), start + 9); end++) {
        String stop = ANSWER.substring(start, end);
        GenerationConfig config =
            GenerationConfig.builder().maxNewTokens(32).stopStrings(List.of(stop)).build();
        StringBuilder heard = new StringBuilder();
        GenerationResult result =
            polyLm.generate(
                GenerationRequest.ofPrompt(PROMPT)
                    .withConfig(config)
                    .withTextListener(heard::append));
        GeneratedSequence sequence = result.sequences().get(0);
        assertThat(sequence.text()).isEqualTo(ANSWER.substring(0, ANSWER.indexOf(stop)));
        assertThat(sequence.finishReason()).isEqualTo(FinishReason.STOP_STRING);
        assertThat(heard).hasToString(sequence.text());
      }
    }
  }

  @Test
  void aStopStringStaysInTheTextWhereThatIsAsked() {
    String config =
        "{\"max_new_tokens\": 32, \"stop_strings\": [\"Haupt\"], \"include_stop_string\": true}";
    assertThat(answer(PROMPT, config).text()).isEqualTo("\nPeking ist die Haupt");
  }

  @Test
  void aStopStringEndsBeamsToo() {
    GeneratedSequence best =
        answer(PROMPT, "{\"num_beams\": 3, \"max_new_tokens\": 32, \"stop_strings\": [\"ist\"]}")
            .sequences()
            .get(0);
    assertThat(best.text()).isEqualTo("\nPeking ");
    assertThat(best.finishReason()).isEqualTo(FinishReason.STOP_STRING);
  }

  @Test
  void theTimeThatIsOverEndsAnAnswerAfterAStep() {
    for (String beams : List.of("", ", \"num_beams\": 3")) {
      GeneratedSequence sequence =
          answer(PROMPT, "{\"max_new_tokens\": 300, \"max_time\": 1e-9" + beams + "}")
              .sequences()
              .get(0);
      assertThat(sequence.finishReason()).isEqualTo(FinishReason.TIME);
      assertThat(sequence.ids()).hasSize(1);
    }
  }

  @Test
  void anInterruptEndsAnAnswerAndIsKept() {
    GenerationRequest request =
        GenerationRequest.ofPrompt(PROMPT)
            .withConfig(
                GenerationConfig.fromJson("{\"max_new_tokens\": 450, \"min_new_tokens\": 450}"))
            .withTextListener(piece -> Thread.currentThread().interrupt());
    GenerationResult result = polyLm.generate(request);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(result.sequences().get(0).finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(result.sequences().get(0).ids()).hasSizeBetween(1, 449);
  }

  @Test
  void anInterruptOfACallerThatHearsNothingEndsItsAnswerToo() {
    Thread caller = Thread.currentThread();
    GenerationRequest request =
        GenerationRequest.ofPrompt(PROMPT)
            .withConfig(
                GenerationConfig.fromJson("{\"max_new_tokens\": 450, \"min_new_tokens\": 450}"))
            .withProcessors(chain -> chain.custom((ids, logits) -> caller.interrupt()));
    GenerationResult result = polyLm.generate(request);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(result.sequences().get(0).finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(result.sequences().get(0).ids()).hasSizeBetween(1, 449);
  }

  @Test
  void theSameSeedGivesTheSameSequencesAndOthersDiffer() {
    String config =
        "{\"do_sample\": true, \"temperature\": 3.0, \"top_k\": 0, \"max_new_tokens\": 12,"
            + " \"num_return_sequences\": 4, \"seed\": 7}";
    List<String> first = texts(answer(PROMPT, config));
    assertThat(texts(answer(PROMPT, config))).isEqualTo(first);
    assertThat(new LinkedHashSet<>(first)).hasSize(4);
    GenerationResult other = answer(PROMPT, config.replace("\"seed\": 7", "\"seed\": 8"));
    assertThat(texts(other)).isNotEqualTo(first);
    assertThat(other.seed()).isEqualTo(8);
  }

  @Test
  void aRandomSeedIsToldAndGivesTheSameAgain() {
    String config = "{\"do_sample\": true, \"temperature\": 3.0, \"max_new_tokens\": 12}";
    GenerationResult result = answer(PROMPT, config);
    GenerationConfig again =
        GenerationConfig.fromJson(config).toBuilder().seed(result.seed()).build();
    assertThat(polyLm.generate(GenerationRequest.ofPrompt(PROMPT).withConfig(again)).text())
        .isEqualTo(result.text());
  }

  private static List<String> texts(GenerationResult result) {
    return result.sequences().stream().map(GeneratedSequence::text).toList();
  }

  @Test
  void beamsAreDrawnWithASeed() {
    String config =
        "{\"do_sample\": true, \"num_beams\": 3, \"num_return_sequences\": 3,"
            + " \"temperature\": 2.0, \"max_new_tokens\": 12, \"seed\": 5}";
    assertThat(texts(answer(PROMPT, config))).isEqualTo(texts(answer(PROMPT, config))).hasSize(3);
  }

  @Test
  void theLikeliestIdsStandBesideTheChosenOnes() {
    GeneratedSequence sequence =
        answer(PROMPT, "{\"max_new_tokens\": 8, \"output_logprobs\": true, \"top_logprobs\": 3}")
            .sequences()
            .get(0);
    assertThat(sequence.topLogprobs()).hasSize(sequence.ids().length);
    for (int i = 0; i < sequence.ids().length; i++) {
      List<TokenLogProbability> best = sequence.topLogprobs().get(i);
      assertThat(best).hasSize(3);
      assertThat(best.get(0).id()).isEqualTo(sequence.ids()[i]);
      assertThat(best.get(0).logProbability()).isEqualTo(sequence.tokenLogprobs()[i]);
      assertThat(best.get(1).logProbability()).isLessThanOrEqualTo(best.get(0).logProbability());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ", \"do_sample\": true, \"temperature\": 2.0, \"seed\": 3"})
  void theModelsOwnProbabilitiesOfBeamsAreTold(String sampling) {
    int[] prompt = polyLm.tokenizer().encode(PROMPT);
    GenerationResult result =
        answer(
            PROMPT,
            "{\"num_beams\": 4, \"num_return_sequences\": 4, \"max_new_tokens\": 12,"
                + " \"repetition_penalty\": 1.5, \"output_logprobs\": true, \"top_logprobs\": 3"
                + sampling
                + "}");
    assertThat(result.sequences()).hasSize(4);
    for (GeneratedSequence beam : result.sequences()) {
      Score expected = polyLm.score(prompt, beam.ids(), 3);
      assertThat(beam.tokenLogprobs()).containsExactly(expected.tokenLogprobs(), within(1e-3f));
      assertThat(beam.topLogprobs()).hasSameSizeAs(expected.topLogprobs());
      for (int i = 0; i < beam.ids().length; i++) {
        assertThat(beam.topLogprobs().get(i))
            .extracting(TokenLogProbability::id)
            .isEqualTo(
                expected.topLogprobs().get(i).stream().map(TokenLogProbability::id).toList());
      }
    }
  }

  @Test
  void probabilitiesOfBeamsAreToldOfWhatTheTimeHasCutOff() {
    GeneratedSequence beam =
        answer(PROMPT, "{\"num_beams\": 3, \"max_time\": 1e-9, \"output_logprobs\": true}")
            .sequences()
            .get(0);
    float expected = polyLm.score(polyLm.tokenizer().encode(PROMPT), beam.ids()).tokenLogprobs()[0];
    assertThat(beam.tokenLogprobs()).containsExactly(new float[] {expected}, within(1e-3f));
    assertThat(beam.topLogprobs()).isEmpty();
  }

  @Test
  void aProcessorOfOnesOwnStandsWhereItIsPut() {
    int forced = 300;
    GenerationRequest request =
        GenerationRequest.ofPrompt(PROMPT)
            .withConfig(
                GenerationConfig.fromJson("{\"max_new_tokens\": 3, \"suppress_tokens\": [300]}"));
    int[] last =
        polyLm
            .generate(
                request.withProcessors(
                    chain -> chain.custom((ids, logits) -> logits[forced] = 1000)))
            .sequences()
            .get(0)
            .ids();
    assertThat(last).containsExactly(forced, forced, forced);
    int[] before =
        polyLm
            .generate(
                request.withProcessors(
                    chain ->
                        chain.before(Step.SUPPRESS_TOKENS, (ids, logits) -> logits[forced] = 1000)))
            .sequences()
            .get(0)
            .ids();
    assertThat(before).doesNotContain(forced);
  }

  @Test
  void timingsAndCountsAreTold() {
    GenerationResult result = answer(PROMPT, "{\"max_new_tokens\": 32}");
    assertThat(result.newTokens()).isEqualTo(result.sequences().get(0).ids().length);
    assertThat(result.timings().steps()).isEqualTo(result.newTokens() - 1);
    assertThat(result.timings().prefill()).isPositive();
    assertThat(result.timings().firstToken())
        .isGreaterThanOrEqualTo(result.timings().queue().plus(result.timings().prefill()));
    assertThat(result.timings().decode()).isGreaterThan(result.timings().perStep());
  }

  @Test
  void theSameSeedGivesTheSameTextBesideOtherRequests() {
    String config =
        "{\"do_sample\": true, \"temperature\": 2.0, \"max_new_tokens\": 16, \"seed\": ";
    List<String> alone =
        IntStream.range(0, 8).mapToObj(i -> answer(PROMPT, config + i + "}").text()).toList();
    List<String> together =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    polyLm.start(
                        GenerationRequest.ofPrompt(PROMPT)
                            .withConfig(GenerationConfig.fromJson(config + i + "}"))))
            .toList()
            .stream()
            .map(handle -> handle.result().text())
            .toList();
    assertThat(together).isEqualTo(alone);
  }
}

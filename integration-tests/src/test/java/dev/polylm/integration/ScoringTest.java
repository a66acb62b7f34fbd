package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.logits.TokenLogProbability;
import dev.polylm.scoring.Score;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds log-likelihoods and perplexity to Hugging Face's. */
final class ScoringTest {
  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  static List<JsonNode> logLikelihoods() {
    return Fixtures.list(Fixtures.read("scores.json").get("loglikelihood"));
  }

  static List<JsonNode> perplexities() {
    return Fixtures.list(Fixtures.read("scores.json").get("perplexity"));
  }

  @ParameterizedTest
  @MethodSource("logLikelihoods")
  void logLikelihoodsAreHuggingFaces(JsonNode fixture) {
    Score ofTexts =
        polyLm.score(fixture.get("context").textValue(), fixture.get("continuation").textValue());
    Score ofIds =
        polyLm.score(
            Fixtures.ints(fixture.get("context_ids")),
            Fixtures.ints(fixture.get("continuation_ids")));

    double[] tokens = Fixtures.doubles(fixture.get("tokens"));
    for (Score score : List.of(ofTexts, ofIds)) {
      assertThat(score.sum()).isCloseTo(fixture.get("sum").doubleValue(), within(1e-3));
      assertThat(score.isGreedy()).isEqualTo(fixture.get("is_greedy").booleanValue());
      assertThat(score.tokenLogprobs()).hasSize(tokens.length);
      for (int i = 0; i < tokens.length; i++) {
        assertThat((double) score.tokenLogprobs()[i]).isCloseTo(tokens[i], within(1e-3));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("logLikelihoods")
  void aPromptIsScoredWhileItIsReadForItsAnswer(JsonNode fixture) {
    int[] context = Fixtures.ints(fixture.get("context_ids"));
    int[] continuation = Fixtures.ints(fixture.get("continuation_ids"));
    int[] ids = Arrays.copyOf(context, context.length + continuation.length);
    System.arraycopy(continuation, 0, ids, context.length, continuation.length);
    double[] tokens = Fixtures.doubles(fixture.get("tokens"));
    for (int numBeams : new int[] {1, 3}) {
      GenerationRequest request =
          GenerationRequest.ofIds(ids)
              .withConfig(GenerationConfig.builder().maxNewTokens(2).numBeams(numBeams).build());
      GenerationResult result = polyLm.generate(request.withPromptLogprobs(2));
      Score score = result.promptScore().orElseThrow();
      assertThat(score.tokenLogprobs()).hasSize(ids.length - 1);
      assertThat(score.topLogprobs()).hasSize(ids.length - 1).allMatch(top -> top.size() == 2);
      for (int i = 0; i < tokens.length; i++) {
        assertThat((double) score.tokenLogprobs()[context.length - 1 + i])
            .isCloseTo(tokens[i], within(1e-3));
      }
      GenerationResult plain = polyLm.generate(request);
      assertThat(plain.promptScore()).isEmpty();
      assertThat(result.sequences().get(0).ids()).isEqualTo(plain.sequences().get(0).ids());
    }
  }

  @ParameterizedTest
  @MethodSource("perplexities")
  void perplexitiesAreHuggingFaces(JsonNode fixture) {
    double expected = fixture.get("perplexity").doubleValue();
    assertThat(polyLm.perplexity(fixture.get("text").textValue()))
        .isCloseTo(expected, within(1e-3 * expected));
    assertThat(polyLm.perplexity(Fixtures.ints(fixture.get("ids"))))
        .isCloseTo(expected, within(1e-3 * expected));
  }

  @Test
  void whatCanNotBeScoredIsRefused() {
    int[] some = {5, 6};
    assertThatThrownBy(() -> polyLm.score(new int[0], some))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the context has 0 ids, the continuation 2; each needs at least one");
    assertThatThrownBy(() -> polyLm.score(some, new int[0]))
        .hasMessage("the context has 2 ids, the continuation 0; each needs at least one");
    assertThatThrownBy(() -> polyLm.score(some, new int[] {8192}))
        .hasMessage("id 8192 at position 2 is out of range, expected 0 to 8191");
    assertThatThrownBy(() -> polyLm.perplexity(new int[] {7}))
        .hasMessage("the text has 1 ids, perplexity needs at least two");
    int[] long513 = new int[513];
    Arrays.fill(long513, 9);
    assertThatThrownBy(() -> polyLm.perplexity(long513))
        .hasMessage("the text has 513 ids, the model's context is 512");
  }

  @Test
  void aTextThatFillsTheContextIsScored() {
    int[] full = new int[512];
    Arrays.setAll(full, i -> 300 + i);
    assertThat(polyLm.perplexity(full)).isFinite().isGreaterThan(1);
  }

  @Test
  void manyContinuationsScoreAsEachAlone() {
    for (JsonNode fixture : logLikelihoods()) {
      String context = fixture.get("context").textValue();
      List<String> continuations =
          List.of(fixture.get("continuation").textValue(), "\nno", " and so on");
      List<Score> together = polyLm.score(context, continuations);
      for (int i = 0; i < continuations.size(); i++) {
        Score alone = polyLm.score(context, continuations.get(i));
        assertThat(together.get(i).sum()).isCloseTo(alone.sum(), within(1e-4));
        assertThat(together.get(i).isGreedy()).isEqualTo(alone.isGreedy());
      }
      int[] contextIds = Fixtures.ints(fixture.get("context_ids"));
      int[] ids = Fixtures.ints(fixture.get("continuation_ids"));
      assertThat(polyLm.score(contextIds, List.of(new int[] {9}, ids)).get(1).sum())
          .isCloseTo(fixture.get("sum").doubleValue(), within(1e-3));
    }
    assertThat(polyLm.score("a", List.of())).isEmpty();
  }

  @Test
  void theLikeliestIdsOfEachPlaceAreTold() {
    String prompt =
        "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";
    int[] ids = polyLm.tokenizer().encodePrompt(prompt, false);
    GeneratedSequence answer =
        polyLm
            .generate(
                GenerationRequest.ofIds(ids)
                    .withConfig(
                        GenerationConfig.builder().outputLogprobs(true).topLogprobs(3).build()))
            .sequences()
            .get(0);
    Score score = polyLm.score(ids, answer.ids(), 3);
    assertThat(score.topLogprobs()).hasSameSizeAs(answer.topLogprobs());
    for (int i = 0; i < answer.ids().length; i++) {
      assertThat(score.topLogprobs().get(i))
          .extracting(TokenLogProbability::id)
          .isEqualTo(answer.topLogprobs().get(i).stream().map(TokenLogProbability::id).toList());
      assertThat(score.topLogprobs().get(i).get(0).logProbability())
          .isEqualTo(score.tokenLogprobs()[i]);
    }
    assertThat(polyLm.score(ids, answer.ids()).topLogprobs()).isEmpty();
    assertThatThrownBy(() -> polyLm.score(ids, answer.ids(), -1))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("topLogprobs is -1, must be at least 0");
  }

  @Test
  void aScoreIsDividedByIdsBytesAndCharacters() {
    Score score = polyLm.score("Peking", "ä北");
    assertThat(score.perToken()).isEqualTo(score.sum() / score.tokenLogprobs().length);
    assertThat(score.perByte()).isEqualTo(score.sum() / 5);
    assertThat(score.perCharacter()).isEqualTo(score.sum() / 2);
    Score ofIds = polyLm.score(new int[] {5}, new int[] {6});
    assertThatThrownBy(ofIds::perByte)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("ids were scored: the length of their text is not known");
  }

  /** The oracle is rolling.json, made by make_rolling.py with Hugging Face's model. */
  @Test
  void aTextLongerThanTheContextIsScoredInWindows() {
    for (JsonNode fixture : Fixtures.list(Fixtures.read("rolling.json"))) {
      double expected = fixture.get("perplexity").doubleValue();
      assertThat(
              polyLm.perplexity(
                  Fixtures.ints(fixture.get("ids")), fixture.get("stride").intValue()))
          .isCloseTo(expected, within(1e-3 * expected));
    }
    assertThatThrownBy(() -> polyLm.perplexity(new int[] {5, 6}, 0))
        .hasMessage("stride is 0, must be 1 to 511, less than the model's context");
    assertThatThrownBy(() -> polyLm.perplexity("a b", 512))
        .hasMessage("stride is 512, must be 1 to 511, less than the model's context");
  }
}

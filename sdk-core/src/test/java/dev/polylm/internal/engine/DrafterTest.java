package dev.polylm.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationConfigBuilder;
import dev.polylm.internal.engine.SchedulerTest.Fixture;
import dev.polylm.internal.logits.ChiSquare;
import dev.polylm.internal.logits.ProcessorChain;
import dev.polylm.internal.search.ConfiguredProcessors;
import dev.polylm.internal.search.EarlierAnswers;
import dev.polylm.internal.search.SampleSearch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches with a draft model that is right, wrong, or right now and then. */
final class DrafterTest {
  private static final long AMPLE = 1L << 40;
  private static final int VOCABULARY = SchedulerTest.DIMENSIONS.vocabSize();
  private static final int CHUNK = 17;
  private static final GenerationConfig GREEDY =
      config().maxNewTokens(60).outputLogprobs(true).build();

  /** Guesses as many ids as a random number says, whatever it takes. */
  private static final class AnyLength extends DraftPace {
    private final Random random;

    AnyLength(long seed) {
      super(0.1, DraftRows.MAX_ROWS);
      this.random = new Random(seed);
    }

    @Override
    int length(int rows, int unread, int made, int most) {
      return random.nextInt(Math.min(most, 6) + 1);
    }
  }

  private static GenerationConfigBuilder config() {
    return GenerationConfig.builder();
  }

  private static Fixture drafted(long limit, int mistakes, long seed) {
    FakeRows.Model draft = new FakeRows.Model(VOCABULARY);
    draft.mistakes = mistakes;
    return new Fixture(limit, 8, CHUNK, true, draft, new AnyLength(seed));
  }

  private static SampleSearch search(GenerationConfig config, long seed, int[] prompt) {
    int maxLength = prompt.length + config.maxNewTokens().orElseThrow();
    ProcessorChain chain = ConfiguredProcessors.of(config, maxLength, VOCABULARY).build();
    return new SampleSearch(
        config,
        seed,
        List.of(prompt),
        maxLength,
        VOCABULARY,
        chain,
        null,
        null,
        new EarlierAnswers(),
        true,
        id -> {});
  }

  private static GeneratedSequence alone(GenerationConfig config, int[] prompt) {
    Fixture fixture = new Fixture(AMPLE, 8, CHUNK, false);
    SampleSearch search = search(config, 1, prompt);
    fixture.add(search, 0, null);
    fixture.runAll();
    return search.results().get(0);
  }

  private static int[] prompt(int seed) {
    return new Random(seed).ints(1 + seed * 7 % 40, 0, VOCABULARY).toArray();
  }

  /** With processors that see the guesses: penalties, forbidden repetitions, a length to reach. */
  private static GenerationConfig processed(int i) {
    GenerationConfigBuilder config = GREEDY.toBuilder().maxNewTokens(5 + i * 9 % 70);
    return switch (i % 4) {
      case 0 -> config.repetitionPenalty(1.3).build();
      case 1 -> config.noRepeatNgramSize(4).build();
      case 2 -> config.eosTokenId(List.of(3)).minNewTokens(4).build();
      default -> config.promptLookupNumTokens(3).build();
    };
  }

  /** Requests in turn and at once; with no mistake, some, and hardly a guess that is right. */
  @ParameterizedTest
  @ValueSource(ints = {0, 5, 2, 1})
  void greedyAnswersAreThoseOfTheModelAlone(int mistakes) {
    Fixture fixture = drafted(AMPLE, mistakes, 3);
    List<SampleSearch> searches = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      searches.add(search(processed(i), 1, prompt(i)));
      fixture.add(searches.get(i), 0, null);
      if (i % 5 < 2) { // some run alone, the others up to four at a time
        fixture.runAll();
      }
    }
    fixture.runAll();
    int guessed = 0;
    for (int i = 0; i < searches.size(); i++) {
      GeneratedSequence found = searches.get(i).results().get(0);
      GeneratedSequence expected = alone(processed(i), prompt(i));
      assertThat(found.ids()).isEqualTo(expected.ids());
      assertThat(found.tokenLogprobs()).isEqualTo(expected.tokenLogprobs());
      assertThat(found.finishReason()).isEqualTo(expected.finishReason());
      guessed += searches.get(i).draftCounts().drafted();
    }
    assertThat(guessed).isGreaterThan(300);
  }

  @Test
  void everyGuessOfAModelThatMakesNoMistakeIsRight() {
    Fixture fixture = drafted(AMPLE, 0, 4);
    SampleSearch search = search(GREEDY, 1, prompt(5));
    fixture.add(search, 0, null);
    fixture.runAll();
    DraftCounts counts = search.draftCounts();
    assertThat(counts.drafted()).isGreaterThan(20).isEqualTo(counts.accepted());
  }

  /**
   * The second and third id of answers are counted, against the product of the model's
   * probabilities.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void drawnAnswersHaveTheModelsProbabilities(int mistakes) {
    GenerationConfig config =
        config().maxNewTokens(4).doSample(true).temperature(3e6).topK(5).build();
    int[] prompt = {1, 4, 2};
    int[] counts = new int[VOCABULARY * VOCABULARY];
    int[] right = {0, 0};
    for (int i = 0; i < 20_000; i++) {
      Fixture fixture = drafted(AMPLE, mistakes, i);
      SampleSearch search = search(config, i, prompt);
      fixture.add(search, 0, null);
      fixture.runAll();
      int[] ids = search.results().get(0).ids();
      counts[ids[1] * VOCABULARY + ids[2]]++;
      right[0] += search.draftCounts().drafted();
      right[1] += search.draftCounts().accepted();
    }
    ChiSquare.assertFair(counts, ofSecondAndThird(prompt));
    assertThat(right[1]).isPositive();
    if (mistakes == 0) {
      assertThat(right[1]).isEqualTo(right[0]); // equal probabilities: no guess is rejected
    } else {
      assertThat(right[1]).isLessThan(right[0] * 9 / 10);
    }
  }

  /** The probabilities of the second and third new id together. */
  private static double[] ofSecondAndThird(int[] prompt) {
    double[] both = new double[VOCABULARY * VOCABULARY];
    double[] first = probabilities(prompt);
    for (int a = 0; a < VOCABULARY; a++) {
      double[] second = probabilities(with(prompt, a));
      for (int b = 0; b < VOCABULARY; b++) {
        double[] third = probabilities(with(prompt, a, b));
        for (int c = 0; c < VOCABULARY; c++) {
          both[b * VOCABULARY + c] += first[a] * second[b] * third[c];
        }
      }
    }
    return both;
  }

  /** A softmax of the five largest, with the settings' temperature. */
  private static double[] probabilities(int[] ids) {
    float[] logits = new FakeRows.Model(VOCABULARY).logits(ids, ids.length);
    float[] sorted = logits.clone();
    Arrays.sort(sorted);
    double[] found = new double[VOCABULARY];
    double sum = 0;
    for (int i = 0; i < VOCABULARY; i++) {
      boolean kept = logits[i] >= sorted[VOCABULARY - 5];
      found[i] = kept ? Math.exp((logits[i] - sorted[VOCABULARY - 1]) / 3e6) : 0;
      sum += found[i];
    }
    for (int i = 0; i < VOCABULARY; i++) {
      found[i] /= sum;
    }
    return found;
  }

  private static int[] with(int[] ids, int... more) {
    int[] all = Arrays.copyOf(ids, ids.length + more.length);
    System.arraycopy(more, 0, all, ids.length, more.length);
    return all;
  }

  /** The draft model's rows are the first to go, and what they take counts. */
  @Test
  void memoryForGuessesIsTheEnginesAndMayRunOut() {
    MemoryBudget budget = new MemoryBudget(AMPLE, SchedulerTest.DIMENSIONS, Float.BYTES);
    for (int rows = 2; rows < 9; rows++) {
      Fixture fixture = drafted(rows * budget.bytes(new LaneSize(1, 128, 17)), 3, 5);
      List<SampleSearch> searches = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        searches.add(search(GREEDY, 1, prompt(i)));
        fixture.add(searches.get(i), 0, null);
        if (i % 4 == 0) {
          fixture.runAll(); // asserts that the limit is kept
        }
      }
      fixture.runAll();
      for (int i = 0; i < searches.size(); i++) {
        assertThat(searches.get(i).results().get(0).ids())
            .isEqualTo(alone(GREEDY, prompt(i)).ids());
      }
      fixture.pool.forget();
      assertThat(fixture.draft.open).isZero();
    }
  }

  @Test
  void aRequestThatIsCancelledWhileIdsAreGuessedEndsWithItsIdsSoFar() {
    Fixture fixture = drafted(AMPLE, 0, 6);
    SampleSearch search = search(GREEDY, 1, prompt(3));
    EngineRequest request = fixture.add(search, 0, null);
    int[] runs = {0};
    fixture.draft.beforeRun =
        () -> {
          if (++runs[0] == 9) {
            request.cancel();
          }
        };
    fixture.runAll();
    assertThat(request.await()).contains(FinishReason.CANCELLED);
    int[] found = search.results().get(0).ids();
    int[] expected = alone(GREEDY, prompt(3)).ids();
    assertThat(found).isNotEmpty().hasSizeLessThan(expected.length);
    assertThat(found).isEqualTo(Arrays.copyOf(expected, found.length));
    assertThat(fixture.draft.runs).isEqualTo(9);
  }

  @Test
  void nothingIsGuessedForSeveralSequences() {
    Fixture fixture = drafted(AMPLE, 0, 7);
    GenerationConfig several =
        config().maxNewTokens(9).doSample(true).numReturnSequences(2).build();
    SampleSearch search = search(several, 1, prompt(4));
    fixture.add(search, 0, null);
    fixture.runAll();
    assertThat(fixture.draft.runs).isZero();
    assertThat(search.draftCounts()).isEqualTo(DraftCounts.NONE);
  }

  /** What the draft model has read for one request, it need not read for the next. */
  @Test
  void theDraftModelReadsACommonBeginningOnce() {
    Fixture fixture = drafted(AMPLE, 0, 8);
    int[] shared = new Random(9).ints(120, 0, VOCABULARY).toArray();
    fixture.add(search(GREEDY, 1, shared), 0, null);
    fixture.runAll();
    long first = fixture.draft.idsRead;
    SampleSearch next = search(GREEDY, 1, with(shared, 3, 3, 3));
    fixture.add(next, 0, null);
    fixture.runAll();
    assertThat(first).isGreaterThan(120);
    assertThat(fixture.draft.idsRead - first).isLessThan(120);
    assertThat(next.draftCounts().accepted()).isPositive();
  }
}

package dev.polylm.internal.logits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.polylm.PolyLmException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MultinomialTest {
  private static final int DRAWS = 200_000;
  private static final double[] P = {.4, .2, .15, .1, .06, .04, .03, .02};
  private static final TokenBuffer ROW = TokenBuffer.ofPrompt(7);

  static Arguments[] chains() {
    return new Arguments[] {
      of("none", ProcessorChain.builder(), P),
      of("temperature", ProcessorChain.builder().temperature(0.5), powers(2)),
      of("top_k", ProcessorChain.builder().topK(3, 1), first(3)),
      of("top_p", ProcessorChain.builder().topP(0.7, 1), first(3)),
      of("min_p", ProcessorChain.builder().minP(0.3, 1), first(3)),
      of("typical_p", ProcessorChain.builder().typicalP(0.5, 1), first(4)),
      of("epsilon_cutoff", ProcessorChain.builder().epsilonCutoff(0.05, 1), first(5)),
      of("eta_cutoff", ProcessorChain.builder().etaCutoff(0.09, 1), first(5)),
      of("top_h", ProcessorChain.builder().topH(0.5), first(2)),
      of(
          "temperature, top_k, top_p",
          ProcessorChain.builder().topP(0.9, 1).topK(4, 1).temperature(0.5),
          Arrays.copyOf(Arrays.copyOf(powers(2), 3), 8)),
      of(
          "suppress, top_k, normalized",
          ProcessorChain.builder().suppressTokens(List.of(1)).topK(3, 1).logitNormalization(),
          new double[] {.4, 0, .15, .1, 0, 0, 0, 0})
    };
  }

  private static Arguments of(String name, ProcessorChainBuilder chain, double[] weights) {
    return Arguments.of(name, chain.build(), weights);
  }

  private static double[] first(int n) {
    return Arrays.copyOf(Arrays.copyOf(P, n), P.length);
  }

  private static double[] powers(double exponent) {
    return Arrays.stream(P).map(p -> Math.pow(p, exponent)).toArray();
  }

  private static float[] logits() {
    float[] logits = new float[P.length];
    for (int id = 0; id < P.length; id++) {
      logits[id] = (float) Math.log(P[id]);
    }
    return logits;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("chains")
  void drawsByTheExactProbabilities(String name, ProcessorChain chain, double[] weights) {
    SeededRandom random = new SeededRandom(42);
    Workspace workspace = new Workspace();
    int[] counts = new int[P.length];
    for (int i = 0; i < DRAWS; i++) {
      float[] logits = logits();
      chain.process(ROW, logits, workspace);
      counts[Multinomial.sample(logits, random, workspace)]++;
    }
    ChiSquare.assertFair(counts, weights);
  }

  /** Guesses by nearly the same, quite other, and partly impossible probabilities. */
  @ParameterizedTest
  @MethodSource("otherProbabilities")
  void aGuessDoesNotChangeTheProbabilities(double[] others) {
    SeededRandom random = new SeededRandom(42);
    Workspace workspace = new Workspace();
    float[] guessed = new float[P.length];
    double equal = 0;
    for (int id = 0; id < P.length; id++) {
      guessed[id] = (float) Math.log(others[id]);
      equal += Math.min(others[id], P[id]);
    }
    int[] counts = new int[P.length];
    int taken = 0;
    for (int i = 0; i < DRAWS; i++) {
      DrawnId guess = Multinomial.sampleToGuess(guessed, random, workspace);
      int id = Multinomial.sample(logits(), guess, random, workspace);
      counts[id]++;
      taken += id == guess.id() ? 1 : 0;
    }
    ChiSquare.assertFair(counts, P);
    // As often as two draws can be equal: the sum of the smaller probabilities.
    assertThat(taken / (double) DRAWS).isCloseTo(equal, within(0.01));
  }

  static List<double[]> otherProbabilities() {
    return List.of(
        P.clone(),
        new double[] {.02, .03, .04, .06, .1, .15, .2, .4},
        new double[] {.3, .3, .1, .1, .05, .05, .05, .05},
        new double[] {0, .5, 0, .3, 0, .2, 0, 0});
  }

  /** The first two of four, in order: p(a) p(b) / (1 - p(a)). */
  @Test
  void drawsWithoutReplacementByTheExactProbabilities() {
    double[] p = {.5, .3, .15, .05};
    float[] logits = new float[4];
    for (int id = 0; id < 4; id++) {
      logits[id] = (float) Math.log(p[id]);
    }
    SeededRandom random = new SeededRandom(7);
    Workspace workspace = new Workspace();
    int[] counts = new int[12];
    double[] weights = new double[12];
    for (int i = 0; i < DRAWS; i++) {
      int[] pair = Multinomial.sampleWithoutReplacement(logits, 2, random, workspace);
      counts[outcome(pair[0], pair[1])]++;
    }
    for (int a = 0; a < 4; a++) {
      for (int b = 0; b < 4; b++) {
        if (a != b) {
          weights[outcome(a, b)] = p[a] * p[b] / (1 - p[a]);
        }
      }
    }
    ChiSquare.assertFair(counts, weights);
  }

  private static int outcome(int a, int b) {
    return a * 3 + (b > a ? b - 1 : b);
  }

  @Test
  void drawsEachIndexOnce() {
    float[] logits = {0, Float.NEGATIVE_INFINITY, 1, -300, 2};
    int[] drawn =
        Multinomial.sampleWithoutReplacement(logits, 9, new SeededRandom(1), new Workspace());
    // The fourth is so unlikely that its float probability is 0.
    assertThat(drawn).containsExactlyInAnyOrder(0, 2, 4);
    assertThat(logits[3]).isEqualTo(-300);
  }

  /** A seed's ids, which no machine, JDK or version may change. */
  @Test
  void drawsTheSameIdsForASeedForever() {
    Random source = new Random(11);
    float[] original = new float[1000];
    for (int id = 0; id < original.length; id++) {
      original[id] = source.nextInt(2000) * 0.01f - 10;
    }
    ProcessorChain chain =
        ProcessorChain.builder().temperature(0.9).topK(50, 1).topP(0.95, 1).build();
    SeededRandom random = new SeededRandom(2026);
    Workspace workspace = new Workspace();
    int[] filtered = new int[12];
    int[] all = new int[12];
    for (int i = 0; i < filtered.length; i++) {
      float[] logits = original.clone();
      chain.process(ROW, logits, workspace);
      filtered[i] = Multinomial.sample(logits, random, workspace);
      all[i] = Multinomial.sample(original, random, workspace);
    }
    assertThat(filtered)
        .containsExactly(880, 715, 843, 987, 324, 391, 324, 712, 184, 703, 712, 735);
    assertThat(all).containsExactly(460, 391, 784, 849, 200, 911, 264, 138, 309, 621, 712, 138);
  }

  @Test
  void refusesWhatIsNoDistribution() {
    assertRefused(Float.NaN, "the logit of id 1 is NaN, must be a number; the model's weights");
    assertRefused(
        Float.POSITIVE_INFINITY,
        "the logit of id 1 is Infinity, must be a number; the model's weights");
    float[] nothing = {Float.NEGATIVE_INFINITY};
    assertThatThrownBy(() -> Multinomial.sample(nothing, new SeededRandom(1), new Workspace()))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("every logit is minus infinity, no id is left to choose");
  }

  private static void assertRefused(float logit, String message) {
    float[] logits = {1, logit, 2};
    assertThatThrownBy(() -> Multinomial.sample(logits, new SeededRandom(1), new Workspace()))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(message);
  }
}

package dev.polylm.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** BLEU and chrF beside what sacreBLEU gives for 1,000 pairs; make_metrics.py recorded them. */
class SacreBleuTest {
  private static final double EXACT = 1e-6;

  static Stream<String> languages() throws IOException {
    List<String> names = new ArrayList<>();
    fixture().fieldNames().forEachRemaining(names::add);
    assertThat(names).hasSize(8);
    return names.stream();
  }

  private static JsonNode fixture() throws IOException {
    try (InputStream in = SacreBleuTest.class.getResourceAsStream("/metrics/sacrebleu.json")) {
      return new ObjectMapper().readTree(in).get("languages");
    }
  }

  @ParameterizedTest
  @MethodSource("languages")
  void eachPairHasSacreBleusScores(String language) throws IOException {
    JsonNode expected = fixture().get(language);
    Bleu bleu = new Bleu(BleuTokens.of(language));
    assertThat(bleu.tokens().signature()).isEqualTo(expected.get("tokens").textValue());
    for (JsonNode pair : expected.get("pairs")) {
      String hypothesis = pair.get(0).textValue();
      List<String> references = List.of(pair.get(1).textValue());
      assertThat(bleu.score(bleu.statistics(hypothesis, references)))
          .as("BLEU of %s", pair)
          .isCloseTo(pair.get(2).doubleValue(), within(EXACT));
      assertThat(Chrf.score(Chrf.statistics(hypothesis, references)))
          .as("chrF of %s", pair)
          .isCloseTo(pair.get(3).doubleValue(), within(EXACT));
    }
    assertThat(expected.get("pairs")).hasSize(125);
  }

  @ParameterizedTest
  @MethodSource("languages")
  void theWholeHasSacreBleusScoresAndSignatures(String language) throws IOException {
    JsonNode expected = fixture().get(language);
    Bleu bleu = new Bleu(BleuTokens.of(language));
    JsonNode two = expected.get("two");
    double[] bleuOfOne = new double[10];
    double[] chrfOfOne = new double[18];
    double[] bleuOfTwo = new double[10];
    double[] chrfOfTwo = new double[18];
    for (int i = 0; i < expected.get("pairs").size(); i++) {
      JsonNode pair = expected.get("pairs").get(i);
      String hypothesis = pair.get(0).textValue();
      List<String> one = List.of(pair.get(1).textValue());
      List<String> both = List.of(one.get(0), two.get("references").get(i).textValue());
      add(bleuOfOne, bleu.statistics(hypothesis, one));
      add(chrfOfOne, Chrf.statistics(hypothesis, one));
      add(bleuOfTwo, bleu.statistics(hypothesis, both));
      add(chrfOfTwo, Chrf.statistics(hypothesis, both));
    }
    assertScore(bleu.score(bleuOfOne), expected.get("bleu"));
    assertScore(Chrf.score(chrfOfOne), expected.get("chrf"));
    assertScore(bleu.score(bleuOfTwo), two.get("bleu"));
    assertScore(Chrf.score(chrfOfTwo), two.get("chrf"));
    assertThat(bleu.signature(1)).isEqualTo(expected.get("bleu_signature").textValue());
    assertThat(bleu.signature(2)).isEqualTo(two.get("bleu_signature").textValue());
    assertThat(Chrf.signature(1)).isEqualTo(expected.get("chrf_signature").textValue());
  }

  private static void assertScore(double actual, JsonNode expected) {
    assertThat(actual).isCloseTo(expected.doubleValue(), within(EXACT));
  }

  private static void add(double[] sum, double[] statistics) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += statistics[i];
    }
  }

  /** A model can write any character. The figures are sacreBLEU's. */
  @Test
  void tokensMayContainAnyCharacter() {
    Bleu bleu = new Bleu(BleuTokens.MTEVAL_13A);
    String separated = "a b\0c d e f g";
    List<String> reference = List.of("a\0b c d e f g");
    double[] statistics = bleu.statistics(separated, reference);
    assertThat(statistics).containsExactly(6, 6, 4, 3, 2, 1, 6, 5, 4, 3);
    assertThat(bleu.score(statistics)).isCloseTo(50.81, within(0.01));
  }

  @Test
  void wrongArgumentsAreNamed() {
    Bleu bleu = new Bleu(BleuTokens.MTEVAL_13A);
    assertThatThrownBy(() -> bleu.statistics("a", List.of()))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("there are no references, expected at least one");
    assertThatThrownBy(() -> Chrf.statistics("a", List.of()))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("there are no references, expected at least one");
    assertThatThrownBy(() -> Chrf.statistics(null, List.of("a")))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("the text must not be null");
    assertThatThrownBy(() -> Chrf.statistics("a", null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("references must not be null");
    assertThatThrownBy(() -> Chrf.statistics("a", Arrays.asList("a", null)))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("references must not contain null");
  }
}

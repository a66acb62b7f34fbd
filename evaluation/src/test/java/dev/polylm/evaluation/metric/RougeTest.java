package dev.polylm.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class RougeTest {
  private static final Rouge PLAIN = new Rouge(Rouge.Tokens.GOOGLE, false);

  /** The example in the README of rouge-score. */
  @Test
  void givesTheFiguresOfRougeScoresReadme() {
    String reference = "The quick brown fox jumps over the lazy dog";
    String text = "The quick brown dog jumps on the log.";
    assertThat(PLAIN.n(1, text, reference)).isCloseTo(0.70588235, within(1e-8));
    assertThat(PLAIN.l(text, reference)).isCloseTo(0.58823529, within(1e-8));
  }

  /** Five of six words, three of five pairs, and a common subsequence of five words. */
  @Test
  void countsByHand() {
    String reference = "the cat lay on the mat";
    String text = "The cat sat on the mat!";
    assertThat(PLAIN.n(1, text, reference)).isCloseTo(5 / 6.0, within(1e-12));
    assertThat(PLAIN.n(2, text, reference)).isCloseTo(0.6, within(1e-12));
    assertThat(PLAIN.l(text, reference)).isCloseTo(5 / 6.0, within(1e-12));
  }

  /** The example in section 3.2 of Lin's paper: the union is w1 w2 w3 w5 of five words. */
  @Test
  void unitesTheSubsequencesOfSentences() {
    String reference = "w1 w2 w3 w4 w5";
    String text = "w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5";
    double precision = 4 / 10.0;
    double recall = 4 / 5.0;
    assertThat(PLAIN.lSum(text, reference))
        .isCloseTo(2 * precision * recall / (precision + recall), within(1e-12));
    assertThat(PLAIN.l(text, reference)).isCloseTo(2 * 0.4 * 0.8 / 1.2, within(1e-12));
  }

  /** Each word counts at most as often as the text has it: one "a" can't be hit twice. */
  @Test
  void aWordIsNotHitMoreOftenThanItOccurs() {
    assertThat(PLAIN.lSum("a b", "a c\na d")).isCloseTo(2 * 0.5 * 0.25 / 0.75, within(1e-12));
  }

  @Test
  void emptyTextsScoreZero() {
    assertThat(PLAIN.n(1, "", "a")).isZero();
    assertThat(PLAIN.n(2, "a", "a")).isZero();
    assertThat(PLAIN.l("a", "")).isZero();
    assertThat(PLAIN.lSum("", "\n")).isZero();
  }

  @Test
  void splitsAsItsTokensSay() {
    assertThat(PLAIN.split("L'ÉTÉ à 3.14 d_x")).containsExactly("l", "t", "3", "14", "d", "x");
    assertThat(new Rouge(Rouge.Tokens.CHARACTERS, false).split("北京 2024年, OK。"))
        .containsExactly("北", "京", "2024", "年", "ok");
    assertThat(new Rouge(Rouge.Tokens.GOOGLE, true).split("running dogs are has"))
        .containsExactly("run", "dog", "are", "has");
    assertThat(PLAIN.signature()).isEqualTo("tok:a-z0-9|stem:no");
    assertThat(new Rouge(Rouge.Tokens.of("zh"), true).signature())
        .isEqualTo("tok:characters|stem:porter");
  }

  @Test
  void stemsAreThoseOfNltk() throws IOException {
    try (InputStream in = RougeTest.class.getResourceAsStream("/metrics/stems.json")) {
      JsonNode stems = new ObjectMapper().readTree(in);
      stems
          .properties()
          .forEach(
              entry ->
                  assertThat(PorterStemmer.stem(entry.getKey()))
                      .as(entry.getKey())
                      .isEqualTo(entry.getValue().textValue()));
      assertThat(stems).hasSizeGreaterThan(2000);
    }
  }
}

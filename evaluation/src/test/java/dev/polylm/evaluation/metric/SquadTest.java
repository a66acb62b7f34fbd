package dev.polylm.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.polylm.PolyLmException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SquadTest {
  @Test
  void normalizesAsTheScriptDoes() {
    assertThat(Squad.normalize("  The  U.S.-based, \"Answer\"\u00a0is a\tB_an! "))
        .isEqualTo("usbased answer is ban");
    assertThat(Squad.normalize("a.m. the, an")).isEqualTo("am");
    assertThat(Squad.normalize("The\u2014a")).isEqualTo("\u2014"); // no ASCII punctuation
    assertThat(Squad.normalize("thé the²")).isEqualTo("thé the²");
  }

  @Test
  void anExactMatchIsOfNormalizedAnswers() {
    assertThat(Squad.exactMatch("the Eiffel tower.", List.of("Paris", "Eiffel Tower"))).isOne();
    assertThat(Squad.exactMatch("Eiffel", List.of("Paris", "Eiffel Tower"))).isZero();
  }

  /** Two common words; of three in the answer and two in the better reference. */
  @Test
  void f1IsThatOfTheMostSimilarAnswer() {
    assertThat(Squad.f1("big Eiffel tower", List.of("tower", "The Eiffel Tower")))
        .isCloseTo(2 * (2 / 3.0) * 1 / (2 / 3.0 + 1), within(1e-12));
    assertThat(Squad.f1("tower tower", List.of("tower"))).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(Squad.f1("", List.of("tower"))).isZero();
    assertThat(Squad.f1("Paris", List.of("Rome"))).isZero();
  }

  @Test
  void anAnswerNeedsAReference() {
    assertThatThrownBy(() -> Squad.exactMatch("Paris", List.of()))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("there are no references, expected at least one");
    assertThatThrownBy(() -> Squad.f1("Paris", List.of()))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("there are no references, expected at least one");
  }
}

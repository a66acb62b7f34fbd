package dev.polylm.evaluation.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.evaluation.task.Answer;
import dev.polylm.evaluation.task.ChoiceItem;
import dev.polylm.evaluation.task.ChoiceItem.Option;
import dev.polylm.evaluation.task.GenerationItem;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class AnswererTest {
  /** The model gives the text so far, which is not its answer. */
  @Test
  void anAnswerThatWasCutShortDoesNotCount() {
    GenerationItem item =
        new GenerationItem("", "Paris is", true, List.of("Paris"), List.of(), 256);
    try (PolyLm model = PolyLm.openEmbedded()) {
      Answerer answerer = new Answerer(model);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> answerer.answer(item))
          .isInstanceOf(CancellationException.class)
          .hasMessage("the answer was cancelled");
      assertThatThrownBy(() -> answerer.nextLogits(item))
          .isInstanceOf(CancellationException.class)
          .hasMessage("the answer was cancelled");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(answerer.answer(item).tokenCount()).isPositive();
    }
  }

  /** The shared beginning is read with the first option, so its sum can have another last bit. */
  @Test
  void equalOptionsAreEquallyLikely() {
    Option option = new Option("", "Piove perché b", "b");
    ChoiceItem item = new ChoiceItem("it", List.of(option, option, option), 0);
    try (PolyLm model = PolyLm.openEmbedded()) {
      List<Double> sums = ((Answer.Likelihoods) new Answerer(model).answer(item)).sums();
      assertThat(sums).hasSize(3).containsOnly(sums.get(0));
    }
  }
}

package dev.polylm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.polylm.evaluation.report.Report.Average;
import dev.polylm.evaluation.run.Answered;
import dev.polylm.evaluation.task.Accuracy;
import dev.polylm.evaluation.task.Answer;
import dev.polylm.evaluation.task.ChoiceItem;
import dev.polylm.evaluation.task.Item;
import dev.polylm.evaluation.task.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The paper's means, from its Table 4, beside those of the languages that were measured. */
final class MeasuredTaskTest {
  private static final List<String> ALL_OF_POLYLM =
      List.of("en", "zh", "ar", "es", "fr", "ru", "th", "tr", "vi", "de");

  @Test
  void allLanguagesOfAGroupHaveThePrintedMean() {
    assertThat(onlyAverage(ALL_OF_POLYLM, false).paper()).isEqualTo(46.1);
    assertThat(onlyAverage(ALL_OF_POLYLM, true).paper()).isEqualTo(44.2);
    assertThat(onlyAverage(List.of("bg", "el", "hi", "sw", "ur"), false).paper()).isEqualTo(34.6);
  }

  @Test
  void someLanguagesHaveTheMeanOfTheirFigures() {
    assertThat(onlyAverage(List.of("en", "de"), false).paper())
        .isCloseTo((54.6 + 50.2) / 2, within(1e-9));
    assertThat(onlyAverage(List.of("bg"), false).paper()).isEqualTo(36.3);
  }

  @Test
  void whatThePaperDoesNotPrintIsLeftOut() {
    assertThat(onlyAverage(List.of("en", "de"), true).paper()).isNull();
    assertThat(onlyAverage(List.of("en", "ja"), false).paper()).isNull(); // not in XNLI
  }

  /** Returns the only mean of XNLI with a right answer in each language. */
  private static Average onlyAverage(List<String> languages, boolean tuned) {
    ChoiceItem.Option option = new ChoiceItem.Option("", "a", "a");
    List<Item> items = new ArrayList<>();
    List<Answered> answers = new ArrayList<>();
    for (String language : languages) {
      items.add(new ChoiceItem(language, List.of(option, option), 0));
      answers.add(new Answered(new Answer.Likelihoods(List.of(-1.0, -2.0), List.of(1, 1)), 1));
    }
    Accuracy accuracy = new Accuracy("accuracy", Accuracy.Length.TOKENS);
    List<Average> averages =
        new MeasuredTask(new Task("xnli", items, List.of(accuracy), 0), answers)
            .report(tuned)
            .averages();
    assertThat(averages).hasSize(1);
    assertThat(averages.get(0).score()).isEqualTo(100);
    return averages.get(0);
  }
}

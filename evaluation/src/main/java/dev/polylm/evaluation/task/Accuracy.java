package dev.polylm.evaluation.task;

import dev.polylm.evaluation.metric.Interval;
import dev.polylm.evaluation.task.ChoiceItem.Option;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The share of items whose likeliest option is the right one. Of options that are equally likely
 * the first counts.
 *
 * @param title the name in reports
 * @param length what an option's log-likelihood is divided by
 */
public record Accuracy(String title, Length length) implements Measure {

  /** What an option's log-likelihood is divided by. */
  public enum Length {
    /** By nothing. */
    ONE,
    /** By its ids, as the paper does for XNLI. */
    TOKENS,
    /** By its characters, as lm-evaluation-harness does for {@code acc_norm}. */
    CHARACTERS,
    /** By its bytes in UTF-8, as lm-evaluation-harness does for {@code acc_bytes}. */
    BYTES
  }

  @Override
  public String signature(String language) {
    return "log-likelihood / "
        + switch (length) {
          case ONE -> "1";
          case TOKENS -> "tokens";
          case CHARACTERS -> "characters";
          case BYTES -> "bytes";
        };
  }

  @Override
  public double[] statistics(Item item, Answer answer) {
    ChoiceItem question = (ChoiceItem) item;
    return new double[] {chosen(question, (Answer.Likelihoods) answer) == question.gold() ? 1 : 0};
  }

  /** Returns the index of the likeliest option. */
  int chosen(ChoiceItem item, Answer.Likelihoods answer) {
    int best = 0;
    for (int i = 1; i < item.options().size(); i++) {
      if (likelihood(item, answer, i) > likelihood(item, answer, best)) {
        best = i;
      }
    }
    return best;
  }

  private double likelihood(ChoiceItem item, Answer.Likelihoods answer, int index) {
    return answer.sums().get(index) / divisor(item.options().get(index), answer, index);
  }

  private double divisor(Option option, Answer.Likelihoods answer, int index) {
    String text = option.name();
    return switch (length) {
      case ONE -> 1;
      case TOKENS -> answer.tokens().get(index);
      case CHARACTERS -> text.codePointCount(0, text.length());
      case BYTES -> text.getBytes(StandardCharsets.UTF_8).length;
    };
  }

  @Override
  public double score(double[] sum, int items) {
    return 100 * sum[0] / items;
  }

  @Override
  public Interval interval(List<double[]> statistics) {
    double right = statistics.stream().mapToDouble(item -> item[0]).sum();
    Interval share = Interval.ofProportion(right, statistics.size());
    return new Interval(100 * share.low(), 100 * share.high());
  }
}

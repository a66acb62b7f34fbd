package dev.polylm.evaluation.harness;

import dev.polylm.evaluation.task.Answer;
import dev.polylm.evaluation.task.GenerationItem;
import dev.polylm.evaluation.task.Item;
import dev.polylm.evaluation.task.Measure;

/** The share of answers that are a reference character by character. */
record HarnessExactMatch() implements Measure {
  @Override
  public String title() {
    return "exact_match";
  }

  @Override
  public String signature(String language) {
    return "equal texts";
  }

  @Override
  public double[] statistics(Item item, Answer answer) {
    String text = ((Answer.Text) answer).text();
    return new double[] {((GenerationItem) item).references().contains(text) ? 1 : 0};
  }

  @Override
  public double score(double[] sum, int items) {
    return 100 * sum[0] / items;
  }
}

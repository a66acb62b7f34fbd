package dev.polylm.evaluation;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.evaluation.metric.Resampling;
import dev.polylm.evaluation.metric.Resampling.Difference;
import dev.polylm.evaluation.report.Report.ComparedRow;
import dev.polylm.evaluation.report.Report.Comparison;
import dev.polylm.evaluation.run.Answerer;
import dev.polylm.evaluation.task.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Measures a second model on the same items, and how it differs from the first. */
final class ModelComparison {
  /** More items make the mean divergence no clearer, but each is read by both models again. */
  private static final int DIVERGENCE_ITEMS = 100;

  private final PolyLm model;
  private final PolyLm other;
  private final EvaluationOptions options;
  private final EvaluationListener listener;

  ModelComparison(
      PolyLm model, PolyLm other, EvaluationOptions options, EvaluationListener listener) {
    int vocabulary = model.manifest().model().vocabSize();
    int otherVocabulary = other.manifest().model().vocabSize();
    if (vocabulary != otherVocabulary) {
      throw new PolyLmException(
          "the models have vocabularies of %s and %s ids, expected the same"
              .formatted(vocabulary, otherVocabulary));
    }
    this.model = model;
    this.other = other;
    this.options = options;
    this.listener = listener;
  }

  Comparison of(List<MeasuredTask> first) {
    List<MeasuredTask> second =
        new Measurement(other, options.output().resolve("compared.jsonl"), listener)
            .of(first.stream().map(MeasuredTask::task).toList());
    List<ComparedRow> rows = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      MeasuredTask one = first.get(i);
      MeasuredTask two = second.get(i);
      for (Map.Entry<String, List<Integer>> language : one.languages().entrySet()) {
        rows.add(row(one, two, language.getKey(), language.getValue()));
      }
    }
    return new Comparison(Facts.of(other), rows);
  }

  private ComparedRow row(
      MeasuredTask one, MeasuredTask two, String language, List<Integer> items) {
    Measure measure = one.task().measures().get(0);
    List<double[]> first = one.statistics(measure, items);
    List<double[]> second = two.statistics(measure, items);
    Difference difference = Resampling.compare(first, second, measure::score);
    return new ComparedRow(
        one.task().name(),
        language,
        items.size(),
        measure.score(first),
        measure.score(second),
        difference.difference(),
        difference.interval(),
        difference.probability(),
        divergence(one, items));
  }

  private double divergence(MeasuredTask task, List<Integer> items) {
    Answerer one = new Answerer(model);
    Answerer two = new Answerer(other);
    return items.stream()
        .limit(DIVERGENCE_ITEMS)
        .mapToDouble(i -> divergence(one.nextLogits(task.item(i)), two.nextLogits(task.item(i))))
        .average()
        .orElse(0);
  }

  /** Returns the sum of p log(p / q) over all ids, with p and q from logits. */
  static double divergence(float[] first, float[] second) {
    double firstLog = logSumExp(first);
    double secondLog = logSumExp(second);
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      double logP = first[i] - firstLog;
      sum += Math.exp(logP) * (logP - (second[i] - secondLog));
    }
    return Math.max(0, sum);
  }

  private static double logSumExp(float[] logits) {
    double highest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      highest = Math.max(highest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - highest);
    }
    return highest + Math.log(sum);
  }
}

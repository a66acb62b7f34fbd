package dev.polylm.evaluation;

import dev.polylm.evaluation.report.PaperFigures;
import dev.polylm.evaluation.report.Report.Average;
import dev.polylm.evaluation.report.Report.Row;
import dev.polylm.evaluation.report.Report.TaskReport;
import dev.polylm.evaluation.run.Answered;
import dev.polylm.evaluation.task.Item;
import dev.polylm.evaluation.task.Measure;
import dev.polylm.evaluation.task.Task;
import dev.polylm.prompt.Language;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A task and a model's answers.
 *
 * @param task the task
 * @param answers the answer to each of its items
 */
record MeasuredTask(Task task, List<Answered> answers) {

  /** Returns the indices of the items of each language. */
  Map<String, List<Integer>> languages() {
    Map<String, List<Integer>> languages = new LinkedHashMap<>();
    for (int i = 0; i < task.items().size(); i++) {
      String language = task.items().get(i).language();
      languages.computeIfAbsent(language, key -> new ArrayList<>()).add(i);
    }
    return languages;
  }

  /** Returns what a measure says of some items. */
  List<double[]> statistics(Measure measure, List<Integer> indices) {
    return indices.stream()
        .map(i -> measure.statistics(task.items().get(i), answers.get(i).answer()))
        .toList();
  }

  /** Returns the task's scores. */
  TaskReport report(boolean tuned) {
    PaperFigures paper = PaperFigures.of(task.name());
    List<Row> rows = new ArrayList<>();
    languages().forEach((language, items) -> rows.add(row(language, items, paper, tuned)));
    return new TaskReport(
        task.name(),
        task.measures().stream().map(Measure::title).toList(),
        task.shots(),
        rows,
        averages(rows, paper, tuned));
  }

  private Row row(String language, List<Integer> indices, PaperFigures paper, boolean tuned) {
    Measure first = task.measures().get(0);
    double seconds = indices.stream().mapToDouble(i -> answers.get(i).seconds()).sum();
    long tokens = indices.stream().mapToLong(i -> answers.get(i).answer().tokenCount()).sum();
    List<double[]> statistics = statistics(first, indices);
    return new Row(
        language,
        indices.size(),
        task.measures().stream().map(m -> m.score(statistics(m, indices))).toList(),
        first.interval(statistics),
        paper.language(language, tuned),
        seconds,
        tokens / Math.max(seconds, 1e-9),
        first.signature(language));
  }

  private static List<Average> averages(List<Row> rows, PaperFigures paper, boolean tuned) {
    Map<String, Map<String, Double>> groups = new LinkedHashMap<>(); // scores by language
    for (Row row : rows) {
      if (!row.language().isEmpty()) {
        groups
            .computeIfAbsent(group(row.language()), key -> new LinkedHashMap<>())
            .put(row.language(), row.scores().get(0));
      }
    }
    List<Average> averages = new ArrayList<>();
    groups.forEach(
        (group, scores) -> {
          double mean = mean(scores.values());
          averages.add(new Average(group, mean, ofPaper(group, scores.keySet(), paper, tuned)));
        });
    return averages;
  }

  /**
   * Returns the paper's average of the same languages, or null if there is none. The paper prints
   * the average of a whole group only.
   */
  private static @Nullable Double ofPaper(
      String group, Set<String> languages, PaperFigures paper, boolean tuned) {
    List<String> whole =
        paper.languages().keySet().stream().filter(key -> group(key).equals(group)).toList();
    if (languages.containsAll(whole)) {
      return paper.average(group, tuned);
    }
    List<Double> figures = new ArrayList<>();
    for (String language : languages) {
      Double figure = paper.language(language, tuned);
      if (figure == null) {
        return null;
      }
      figures.add(figure);
    }
    return mean(figures);
  }

  private static double mean(Collection<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  /** Returns the group of languages that the paper's averages have. */
  private static String group(String language) {
    if (language.contains("-")) {
      return language.endsWith("-en") ? "to English" : "from English";
    }
    boolean trained =
        Arrays.stream(Language.values()).anyMatch(known -> known.code().equals(language));
    return trained ? "languages of PolyLM" : "other languages";
  }

  /** Returns an item. */
  Item item(int index) {
    return task.items().get(index);
  }
}

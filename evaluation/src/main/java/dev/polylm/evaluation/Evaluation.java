package dev.polylm.evaluation;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLm;
import dev.polylm.evaluation.harness.HarnessTasks;
import dev.polylm.evaluation.report.Report;
import dev.polylm.evaluation.report.Report.Comparison;
import dev.polylm.evaluation.report.Report.ModelFacts;
import dev.polylm.evaluation.report.ReportFiles;
import dev.polylm.evaluation.task.PaperTasks;
import dev.polylm.evaluation.task.Task;
import dev.polylm.evaluation.task.TaskSettings;
import dev.polylm.prompt.PromptForm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures a model on tasks, or two models on the same items.
 *
 * <pre>{@code
 * try (PolyLm polyLm = PolyLm.open(Path.of("polylm-13b-onnx"))) {
 *   Report report = new Evaluation(options).run(polyLm);
 *   report.tasks().get(0).rows().forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>The output folder receives {@code report.md}, {@code report.json}, {@code report.html} and
 * {@code items.jsonl}, with a line for each item: its prompt, its scores and the answer. If a run
 * is killed, the same call continues it.
 */
public final class Evaluation {
  private final EvaluationOptions options;
  private final EvaluationListener listener;

  /** Makes an evaluation that tells nobody how far it is. */
  public Evaluation(EvaluationOptions options) {
    this(options, (task, done, total) -> {});
  }

  /**
   * Makes an evaluation.
   *
   * @param options what is measured
   * @param listener is told how far the evaluation is
   */
  public Evaluation(EvaluationOptions options, EvaluationListener listener) {
    this.options = requireNonNull(options, "options must not be null");
    this.listener = requireNonNull(listener, "listener must not be null");
  }

  /**
   * Measures a model and writes the report.
   *
   * @param model stays open
   * @throws dev.polylm.PolyLmException if a task or a language is unknown; a file is missing, empty
   *     or broken; the output is another run's, is being written by another evaluation or can't be
   *     written; or the model fails
   */
  public Report run(PolyLm model) {
    return run(model, null);
  }

  /**
   * Measures two models on the same items, and writes a report that compares them. The second
   * model's items are in {@code compared.jsonl}.
   *
   * @param model the first model, such as one of 32-bit weights
   * @param other the second model, such as one of int4 weights
   * @throws dev.polylm.PolyLmException as {@link #run(PolyLm)}; also if the models don't have the
   *     same vocabulary
   */
  public Report compare(PolyLm model, PolyLm other) {
    return run(model, requireNonNull(other, "other must not be null"));
  }

  private Report run(PolyLm model, @Nullable PolyLm other) {
    List<Task> tasks = tasks(model);
    return OutputLock.whileLocked(options.output(), () -> run(tasks, model, other));
  }

  private Report run(List<Task> tasks, PolyLm model, @Nullable PolyLm other) {
    List<MeasuredTask> measured =
        new Measurement(model, options.output().resolve("items.jsonl"), listener).of(tasks);
    Comparison comparison =
        other == null ? null : new ModelComparison(model, other, options, listener).of(measured);
    Report report =
        new Report(
            ModelFacts.of(model.manifest()),
            measured.stream().map(task -> task.report(isTuned(model))).toList(),
            Texts.perplexities(options.texts(), model, other),
            comparison);
    ReportFiles.write(report, options.output());
    return report;
  }

  private List<Task> tasks(PolyLm model) {
    TaskSettings settings =
        new TaskSettings(
            options.data(), options.languages(), options.limit(), options.shots(), isTuned(model));
    List<String> paper = options.tasks().stream().filter(t -> !HarnessTasks.isFile(t)).toList();
    List<Task> tasks = new ArrayList<>(PaperTasks.read(paper, settings));
    options.tasks().stream()
        .filter(HarnessTasks::isFile)
        .forEach(file -> tasks.addAll(HarnessTasks.read(file, settings)));
    return tasks;
  }

  private static boolean isTuned(PolyLm model) {
    return model.promptForm() != PromptForm.BASE;
  }
}

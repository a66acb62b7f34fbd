package dev.polylm.evaluation;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.evaluation.harness.HarnessTasks;
import dev.polylm.evaluation.report.Report;
import dev.polylm.evaluation.report.Report.Comparison;
import dev.polylm.evaluation.report.ReportFiles;
import dev.polylm.evaluation.run.Answerer;
import dev.polylm.evaluation.task.PaperTasks;
import dev.polylm.evaluation.task.Task;
import dev.polylm.evaluation.task.TaskSettings;
import dev.polylm.prompt.PromptForm;
import java.util.ArrayList;
import java.util.Collections;
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
   * @throws PolyLmException if a task or a language is unknown; a file is missing, empty or broken;
   *     the output is another run's, is being written by another evaluation or can't be written;
   *     the thread is interrupted; or the model is closed or fails
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
   * @throws PolyLmException as {@link #run(PolyLm)}; also if the models don't have the same
   *     vocabulary
   */
  public Report compare(PolyLm model, PolyLm other) {
    return run(model, requireNonNull(other, "other must not be null"));
  }

  private Report run(PolyLm model, @Nullable PolyLm other) {
    requireNonNull(model, "model must not be null");
    List<Task> tasks = tasks(model);
    Texts texts = Texts.read(options.texts());
    ModelComparison comparison =
        other == null ? null : new ModelComparison(model, other, options, listener);
    check(model, tasks);
    if (other != null) {
      check(other, tasks);
    }
    return OutputLock.whileLocked(
        options.output(), () -> run(tasks, texts, comparison, model, other));
  }

  /** Finds out what a model can't do before hours are spent on what it can. */
  private static void check(PolyLm model, List<Task> tasks) {
    Answerer answerer = new Answerer(model);
    tasks.forEach(answerer::check);
  }

  private Report run(
      List<Task> tasks,
      Texts texts,
      @Nullable ModelComparison comparison,
      PolyLm model,
      @Nullable PolyLm other) {
    List<MeasuredTask> measured =
        new Measurement(model, options.output().resolve("items.jsonl"), listener).of(tasks);
    Comparison compared = comparison == null ? null : comparison.of(measured);
    Report report =
        new Report(
            Facts.of(model),
            measured.stream().map(task -> task.report(isTuned(model))).toList(),
            texts.perplexities(model, other),
            compared);
    ReportFiles.write(report, options.output());
    return report;
  }

  private List<Task> tasks(PolyLm model) {
    List<String> paper = options.tasks().stream().filter(t -> !HarnessTasks.isFile(t)).toList();
    PaperTasks.check(paper, options.languages());
    TaskSettings settings =
        new TaskSettings(
            options.data(), options.languages(), options.limit(), options.shots(), isTuned(model));
    List<Task> tasks = new ArrayList<>();
    for (String name : options.tasks()) {
      tasks.addAll(
          HarnessTasks.isFile(name)
              ? HarnessTasks.read(name, settings)
              : PaperTasks.read(name, settings));
    }
    checkNames(tasks.stream().map(Task::name).toList());
    return tasks;
  }

  /** The answers of two tasks of one name could not be told apart when a run goes on. */
  private static void checkNames(List<String> names) {
    for (String name : names) {
      if (Collections.frequency(names, name) > 1) {
        throw new PolyLmException(
            "the tasks are named %s, expected each name once; change %s in its YAML file"
                .formatted(names, name));
      }
    }
  }

  private static boolean isTuned(PolyLm model) {
    return model.promptForm() != PromptForm.BASE;
  }
}

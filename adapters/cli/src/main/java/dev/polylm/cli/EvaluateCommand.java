package dev.polylm.cli;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.evaluation.Evaluation;
import dev.polylm.evaluation.EvaluationListener;
import dev.polylm.evaluation.EvaluationOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a model on tasks. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Measures a model on the tasks of the PolyLM paper, and on tasks of lm-evaluation-harness.",
      "The data sets are your files; nothing is downloaded. If the command is killed, the same"
          + " command continues."
    })
final class EvaluateCommand implements Callable<Integer> {
  private final Streams streams;

  @Option(
      names = "--tasks",
      paramLabel = "TASK",
      split = ",",
      description =
          "Tasks: xnli, xcopa, paws-x, xwinograd, tydiqa, mtg, wmt20, or YAML files of"
              + " lm-evaluation-harness.")
  private List<String> tasks = List.of();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "The folder of the data sets; by default the current one.")
  private Path data = Path.of(".");

  @Option(
      names = "--languages",
      paramLabel = "CODE",
      split = ",",
      description = "Languages, or pairs such as de-en; by default all that have files.")
  private List<String> languages = List.of();

  @Option(names = "--limit", paramLabel = "N", description = "The most items of a language.")
  private @Nullable Integer limit;

  @Option(
      names = "--shots",
      paramLabel = "N",
      description =
          "Examples before each item of a task that generates; by default 1 for a base model and 0"
              + " for a tuned one.")
  private @Nullable Integer shots;

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      split = ",",
      description = "Texts whose perplexity is measured.")
  private List<Path> texts = List.of();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "The folder for report.md, report.json, report.html and items.jsonl.")
  private Path output = Path.of(".");

  @Option(
      names = "--reproducible",
      description =
          "Gives the same answers and scores, bit for bit, in each run on a machine. That is"
              + " slower: items share no runs of the model.")
  private boolean reproducible;

  @Mixin private RunOptions model = new RunOptions();

  @Option(
      names = "--compare",
      paramLabel = "DIR2",
      description = "A second exported model, which is measured on the same items and compared.")
  private @Nullable Path second;

  EvaluateCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() {
    EvaluationOptions options = options();
    PolyLmOptions.Builder settings = PolyLmOptions.builder().reproducible(reproducible);
    try (PolyLm polyLm = model.open(streams, settings);
        Progress progress = Progress.ofItems(streams, "Evaluating", "items", -1)) {
      EvaluationListener listener =
          (task, done, total) -> {
            progress.total(total);
            progress.show(done, task);
          };
      Evaluation evaluation = new Evaluation(options, listener);
      if (second == null) {
        evaluation.run(polyLm);
      } else {
        try (PolyLm other = model.open(second, streams, settings)) {
          evaluation.compare(polyLm, other);
        }
      }
    }
    streams.print(output.resolve("report.md") + "\n");
    return ExitCodes.OK;
  }

  private EvaluationOptions options() {
    EvaluationOptions.Builder options =
        EvaluationOptions.builder(data, output).tasks(tasks).languages(languages).texts(texts);
    if (limit != null) {
      options.limit(limit);
    }
    if (shots != null) {
      options.shots(shots);
    }
    return options.build();
  }
}

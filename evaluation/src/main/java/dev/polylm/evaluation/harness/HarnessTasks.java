package dev.polylm.evaluation.harness;

import dev.polylm.PolyLmException;
import dev.polylm.evaluation.task.Accuracy;
import dev.polylm.evaluation.task.Measure;
import dev.polylm.evaluation.task.Task;
import dev.polylm.evaluation.task.TaskSettings;
import dev.polylm.evaluation.task.TextMeasure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads tasks of lm-evaluation-harness. */
public final class HarnessTasks {
  private HarnessTasks() {}

  /** Returns whether the name of a task is a YAML file. */
  public static boolean isFile(String task) {
    return task.endsWith(".yaml") || task.endsWith(".yml");
  }

  /**
   * Reads a task.
   *
   * @param file its YAML file
   * @param settings where its data is, and how much of it is used
   * @throws PolyLmException if a file is missing or broken, or the task needs what is not known
   *     here, such as a Python function
   */
  public static List<Task> read(String file, TaskSettings settings) {
    HarnessYaml yaml = HarnessYaml.read(Path.of(file));
    String name = yaml.text("task", "");
    String type = yaml.text("output_type", "generate_until");
    if (name.isEmpty() || !(type.equals("multiple_choice") || type.equals("generate_until"))) {
      throw new PolyLmException(
          "%s: has task \"%s\" and output_type \"%s\", must have a name, and multiple_choice or"
                  .formatted(file, name, type)
              + " generate_until");
    }
    HarnessItems items = new HarnessItems(yaml, new HarnessData(yaml, settings.data()), settings);
    boolean choice = type.equals("multiple_choice");
    return List.of(new Task(name, items.read(choice), measures(yaml, choice), items.shots()));
  }

  private static List<Measure> measures(HarnessYaml yaml, boolean choice) {
    List<Measure> measures = new ArrayList<>();
    for (String name : yaml.metrics()) {
      measures.add(measure(yaml, name, choice));
    }
    if (measures.isEmpty()) {
      List<String> usual = choice ? List.of("acc", "acc_norm") : List.of("exact_match");
      usual.forEach(name -> measures.add(measure(yaml, name, choice)));
    }
    return measures;
  }

  private static Measure measure(HarnessYaml yaml, String name, boolean choice) {
    Map<String, Measure> known =
        choice
            ? Map.of(
                "acc", new Accuracy("acc", Accuracy.Length.ONE),
                "acc_norm", new Accuracy("acc_norm", Accuracy.Length.CHARACTERS),
                "acc_bytes", new Accuracy("acc_bytes", Accuracy.Length.BYTES))
            : Map.of(
                "exact_match", new HarnessExactMatch(),
                "bleu", TextMeasure.BLEU,
                "chrf", TextMeasure.CHRF);
    Measure measure = known.get(name);
    if (measure == null) {
      throw new PolyLmException(
          "%s: has the metric \"%s\", must be one of %s"
              .formatted(yaml.file(), name, known.keySet().stream().sorted().toList()));
    }
    return measure;
  }
}

package dev.polylm.evaluation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.evaluation.run.Answerer;
import dev.polylm.evaluation.run.Journal;
import dev.polylm.evaluation.run.Runner;
import dev.polylm.evaluation.task.Task;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Asks a model for the items of tasks, and keeps the answers in a journal. */
final class Measurement {
  private final PolyLm model;
  private final Path file;
  private final EvaluationListener listener;

  Measurement(PolyLm model, Path file, EvaluationListener listener) {
    this.model = model;
    this.file = file;
    this.listener = listener;
  }

  List<MeasuredTask> of(List<Task> tasks) {
    int total = tasks.stream().mapToInt(task -> task.items().size()).sum();
    List<MeasuredTask> measured = new ArrayList<>();
    try (Journal journal = Journal.open(file, header(tasks))) {
      Runner runner = new Runner(new Answerer(model), journal, tasks);
      int before = 0;
      for (Task task : tasks) {
        int base = before;
        measured.add(
            new MeasuredTask(
                task,
                runner.answers(task, done -> listener.answered(task.name(), base + done, total))));
        before += task.items().size();
      }
    }
    return measured;
  }

  /** Tells this run from others: the model's files, adapter and items of each task, as hashes. */
  private ObjectNode header(List<Task> tasks) {
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    header.put("format", 1);
    header.put("model", model.manifest().name());
    header.put("manifest", hash(model.manifest().toJson()));
    Adapter adapter = Adapter.of(model);
    if (adapter != null) {
      header.put("adapter", adapter.sha256());
    }
    ObjectNode items = header.putObject("items");
    for (Task task : tasks) {
      items.put(task.name(), hash(task.toString()));
    }
    return header;
  }

  private static String hash(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

package dev.polylm.evaluation.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.evaluation.task.Answer;
import dev.polylm.evaluation.task.ChoiceItem;
import dev.polylm.evaluation.task.GenerationItem;
import dev.polylm.evaluation.task.Item;
import dev.polylm.evaluation.task.Measure;
import dev.polylm.evaluation.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The lines of a journal: an item, the model's answer, and what the measures say of it. */
final class JournalLines {
  private JournalLines() {}

  /** Writes the answer to a task's item. */
  static ObjectNode write(Task task, int index, Answered answered) {
    Item item = task.items().get(index);
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("task", task.name()).put("index", index).put("language", item.language());
    if (item instanceof ChoiceItem choice) {
      ArrayNode options = line.putArray("options");
      choice
          .options()
          .forEach(o -> options.addObject().put("context", o.context()).put("text", o.text()));
      line.put("gold", choice.gold());
    } else if (item instanceof GenerationItem generation) {
      line.put("prompt", generation.prompt());
      generation.references().forEach(line.putArray("references")::add);
    }
    if (answered.answer() instanceof Answer.Likelihoods likelihoods) {
      likelihoods.sums().forEach(line.putArray("log_likelihoods")::add);
      likelihoods.tokens().forEach(line.putArray("tokens")::add);
    } else if (answered.answer() instanceof Answer.Text text) {
      line.put("answer", text.text()).put("new_tokens", text.tokenCount());
    }
    ObjectNode scores = line.putObject("scores");
    for (Measure measure : task.measures()) {
      double[] statistics = measure.statistics(item, answered.answer());
      scores.put(measure.title(), measure.score(statistics, 1));
    }
    return line.put("seconds", answered.seconds());
  }

  /** Returns whether a line is the answer to a task's item. */
  static boolean isOf(JsonNode line, Task task) {
    return line.path("task").asText().equals(task.name());
  }

  static int index(JsonNode line) {
    return line.path("index").asInt(-1);
  }

  /** Reads an answer. */
  static Answered read(JsonNode line) {
    double seconds = line.path("seconds").asDouble();
    if (line.has("answer")) {
      Answer text = new Answer.Text(line.get("answer").asText(), line.path("new_tokens").asInt());
      return new Answered(text, seconds);
    }
    List<Double> sums = new ArrayList<>();
    line.path("log_likelihoods").forEach(sum -> sums.add(sum.asDouble()));
    JsonNode tokens = line.path("tokens");
    List<Integer> counts =
        IntStream.range(0, tokens.size()).mapToObj(i -> tokens.get(i).asInt()).toList();
    return new Answered(new Answer.Likelihoods(sums, counts), seconds);
  }
}

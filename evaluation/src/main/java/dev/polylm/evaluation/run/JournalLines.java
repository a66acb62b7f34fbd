package dev.polylm.evaluation.run;

import static java.lang.Double.NaN;

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
import java.util.Optional;

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

  /** Reads an answer, or returns nothing if the line is not the answer to this item. */
  static Optional<Answered> read(JsonNode line, Task task, int index) {
    JsonNode seconds = line.path("seconds");
    if (index >= task.items().size()
        || line.path("index").asInt(-1) != index
        || !seconds.isNumber()) {
      return Optional.empty();
    }
    Item item = task.items().get(index);
    return (item instanceof ChoiceItem choice ? likelihoods(line, choice) : text(line))
        .map(answer -> new Answered(answer, seconds.doubleValue()));
  }

  private static Optional<Answer> text(JsonNode line) {
    JsonNode text = line.path("answer");
    JsonNode tokens = line.path("new_tokens");
    return text.isTextual() && tokens.isInt()
        ? Optional.of(new Answer.Text(text.textValue(), tokens.intValue()))
        : Optional.empty();
  }

  private static Optional<Answer> likelihoods(JsonNode line, ChoiceItem item) {
    List<Double> sums = new ArrayList<>();
    List<Integer> tokens = new ArrayList<>();
    line.path("log_likelihoods").forEach(sum -> sums.add(sum.isNumber() ? sum.doubleValue() : NaN));
    line.path("tokens").forEach(count -> tokens.add(count.asInt()));
    boolean whole =
        sums.size() == item.options().size()
            && tokens.size() == sums.size()
            && sums.stream().noneMatch(sum -> Double.isNaN(sum))
            && tokens.stream().allMatch(count -> count > 0);
    return whole ? Optional.of(new Answer.Likelihoods(sums, tokens)) : Optional.empty();
  }
}

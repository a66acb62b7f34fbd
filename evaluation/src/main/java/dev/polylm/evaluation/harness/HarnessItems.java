package dev.polylm.evaluation.harness;

import dev.polylm.PolyLmException;
import dev.polylm.evaluation.task.ChoiceItem;
import dev.polylm.evaluation.task.ChoiceItem.Option;
import dev.polylm.evaluation.task.GenerationItem;
import dev.polylm.evaluation.task.Item;
import dev.polylm.evaluation.task.TaskSettings;
import dev.polylm.internal.untrusted.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the items of a task as lm-evaluation-harness makes its requests. */
final class HarnessItems {
  private static final int MAX_GEN_TOKS = 256;

  private final HarnessYaml yaml;
  private final HarnessData data;
  private final TaskSettings settings;
  private final String targetDelimiter;
  private final String shotDelimiter;

  HarnessItems(HarnessYaml yaml, HarnessData data, TaskSettings settings) {
    this.yaml = yaml;
    this.data = data;
    this.settings = settings;
    this.targetDelimiter = yaml.text("target_delimiter", " ");
    this.shotDelimiter = yaml.text("fewshot_delimiter", "\n\n");
  }

  /** Returns how many examples are before each item. A task that wants none gets none. */
  int shots() {
    int own = number("num_fewshot", yaml.get("num_fewshot"), -1, 0);
    return own == 0 ? 0 : settings.shots().orElse(Math.max(0, own));
  }

  private int number(String key, @Nullable Object value, int missing, int least) {
    if (value == null) {
      return missing;
    }
    if (value instanceof Integer number && number >= least) {
      return number;
    }
    throw new PolyLmException(
        "%s: %s is %s, must be a number of at least %s"
            .formatted(yaml.file(), key, Quoted.of(value), least));
  }

  /** Reads the items of the test part, or of the validation part if there is no test. */
  List<Item> read(boolean choice) {
    String split = yaml.text("test_split", yaml.text("validation_split", ""));
    if (split.isEmpty()) {
      throw new PolyLmException(
          yaml.file() + ": has neither test_split nor validation_split, expected one");
    }
    List<Map<String, Object>> documents = data.split(split);
    List<Map<String, Object>> pool = pool();
    boolean same = shotSplit().equals(split);
    List<Item> items = new ArrayList<>();
    for (Map<String, Object> document :
        documents.subList(0, Math.min(settings.limit(), documents.size()))) {
      try {
        items.add(item(document, shots(pool, same ? document : null), choice));
      } catch (PolyLmException e) {
        throw new PolyLmException(
            "%s, with line %s of %s: %s"
                .formatted(yaml.file(), items.size() + 1, data.path(split), e.getMessage()),
            e);
      }
    }
    return items;
  }

  private Item item(Map<String, Object> document, String shots, boolean choice) {
    String before = render("description", document) + shots;
    return choice ? choice(document, before) : generation(document, before);
  }

  private String shotSplit() {
    Object own = yaml.map("fewshot_config").get("split");
    String last = yaml.text("validation_split", yaml.text("test_split", ""));
    String split = yaml.text("fewshot_split", yaml.text("training_split", last));
    return own == null ? split : String.valueOf(own);
  }

  private List<Map<String, Object>> pool() {
    if (shots() == 0) {
      return List.of();
    }
    if (!"first_n".equals(yaml.map("fewshot_config").get("sampler"))) {
      throw new PolyLmException(
          "%s: draws %s examples at random, must have fewshot_config with sampler: first_n"
              .formatted(yaml.file(), shots()));
    }
    return data.split(shotSplit());
  }

  private String shots(List<Map<String, Object>> pool, @Nullable Map<String, Object> without) {
    StringBuilder text = new StringBuilder();
    List<Map<String, Object>> others =
        pool.stream().filter(d -> !d.equals(without)).limit(shots()).toList();
    if (others.size() < shots()) {
      throw new PolyLmException(
          "there are %s other examples, must be %s".formatted(others.size(), shots()));
    }
    for (Map<String, Object> document : others) {
      text.append(shot(document)).append(shotDelimiter);
    }
    return text.toString();
  }

  private String shot(Map<String, Object> document) {
    Object question = value("doc_to_text", document);
    Object target = value("doc_to_target", document);
    if (question instanceof Long index) { // the texts differ before the target
      return element(choices(document), index) + targetDelimiter + Operations.asText(target);
    }
    String answer = answers(document, target).get(0);
    return Operations.asText(question) + targetDelimiter + answer;
  }

  private Item choice(Map<String, Object> document, String before) {
    List<String> choices = choices(document);
    Object question = value("doc_to_text", document);
    Object target = value("doc_to_target", document);
    List<Option> options = new ArrayList<>();
    for (String choice : choices) {
      options.add(
          question instanceof Long
              ? new Option(before + choice, targetDelimiter + Operations.asText(target), choice)
              : new Option(before + Operations.asText(question), targetDelimiter + choice, choice));
    }
    return new ChoiceItem("", options, gold(choices, question instanceof Long ? question : target));
  }

  private static int gold(List<String> choices, Object target) {
    if (target instanceof Long index) {
      element(choices, index);
      return index.intValue();
    }
    if (target instanceof Boolean truth) { // which Python counts as 0 or 1
      return truth ? 1 : 0;
    }
    int index = target instanceof String text ? choices.indexOf(text) : -1;
    if (index < 0) {
      throw new PolyLmException(
          "the right answer is %s, must be one of %s or an index"
              .formatted(Quoted.of(target), Quoted.of(choices)));
    }
    return index;
  }

  private static String element(List<String> choices, long index) {
    if (index < 0 || index >= choices.size()) {
      throw new PolyLmException(
          "the right answer is choice %s, must be 0 to %s".formatted(index, choices.size() - 1));
    }
    return choices.get((int) index);
  }

  private Item generation(Map<String, Object> document, String before) {
    Object until = yaml.map("generation_kwargs").get("until");
    List<?> stops =
        until instanceof List<?> list ? list : List.of(until == null ? shotDelimiter : until);
    return new GenerationItem(
        "",
        before + Operations.asText(value("doc_to_text", document)),
        false,
        answers(document, value("doc_to_target", document)),
        stops.stream().map(String::valueOf).filter(stop -> !stop.isEmpty()).toList(),
        maxNewTokens());
  }

  /** Returns the limit, which the harness knows by four names. */
  private int maxNewTokens() {
    Map<String, Object> settings = yaml.map("generation_kwargs");
    for (String name :
        List.of("max_gen_toks", "max_new_tokens", "max_tokens", "max_completion_tokens")) {
      if (settings.get(name) != null) {
        return number("generation_kwargs." + name, settings.get(name), MAX_GEN_TOKS, 1);
      }
    }
    return MAX_GEN_TOKS;
  }

  /** Returns the right answers. With doc_to_choice the target is the index of the only one. */
  private List<String> answers(Map<String, Object> document, Object target) {
    if (yaml.get("doc_to_choice") != null
        && (target instanceof Long || target instanceof Boolean)) {
      List<String> choices = choices(document);
      return List.of(choices.get(gold(choices, target)));
    }
    List<String> answers =
        target instanceof List<?> list
            ? list.stream().map(Operations::asText).toList()
            : List.of(Operations.asText(target));
    if (answers.isEmpty()) {
      throw new PolyLmException("doc_to_target gives no answer, must give at least one");
    }
    return answers;
  }

  private List<String> choices(Map<String, Object> document) {
    Object own = yaml.get("doc_to_choice");
    Object choices = own instanceof Map<?, ?> map ? List.copyOf(map.values()) : own;
    Object list = choices instanceof List<?> ? choices : value("doc_to_choice", document);
    if (list instanceof List<?> values && values.size() > 1) {
      return values.stream().map(Operations::asText).toList();
    }
    throw new PolyLmException(
        "doc_to_choice gives %s, must give a list of at least two".formatted(Quoted.of(list)));
  }

  private String render(String key, Map<String, Object> document) {
    return Operations.asText(value(key, document));
  }

  /**
   * Returns a field of the item by its name, or else what a template gives; digits are a number.
   */
  private Object value(String key, Map<String, Object> document) {
    Object own = yaml.get(key);
    if (own == null) {
      return "";
    }
    if (own instanceof Integer number) {
      return number.longValue();
    }
    if (own instanceof List<?>) {
      return own;
    }
    Object field = document.get(yaml.text(key, ""));
    if (field != null) {
      return field;
    }
    Object value = Template.of(yaml.text(key, "")).value(document);
    if (value instanceof List<?>) {
      return value;
    }
    String text = Operations.asText(value);
    boolean index = text.matches("[0-9]{1,9}") && yaml.get("doc_to_choice") != null;
    return index ? Long.valueOf(text) : text;
  }
}

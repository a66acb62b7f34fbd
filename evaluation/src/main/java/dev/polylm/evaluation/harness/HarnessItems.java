package dev.polylm.evaluation.harness;

import dev.polylm.PolyLmException;
import dev.polylm.evaluation.task.ChoiceItem;
import dev.polylm.evaluation.task.ChoiceItem.Option;
import dev.polylm.evaluation.task.GenerationItem;
import dev.polylm.evaluation.task.Item;
import dev.polylm.evaluation.task.TaskSettings;
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

  /** Returns how many examples are before each item. */
  int shots() {
    Object own = yaml.get("num_fewshot");
    return settings.shots().orElse(own instanceof Integer count ? count : 0);
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
    for (Map<String, Object> document : documents) {
      if (items.size() == settings.limit()) {
        break;
      }
      String before = render("description", document) + shots(pool, same ? document : null);
      items.add(choice ? choice(document, before) : generation(document, before));
    }
    return items;
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
          "%s: has %s examples, must have %s".formatted(yaml.file(), others.size(), shots()));
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
    String answer =
        target instanceof Long index && yaml.get("doc_to_choice") != null
            ? element(choices(document), index)
            : references(target).get(0);
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

  private int gold(List<String> choices, Object target) {
    int index =
        target instanceof Long number ? number.intValue() : choices.indexOf(target.toString());
    element(choices, index);
    return index;
  }

  private String element(List<String> choices, long index) {
    if (index < 0 || index >= choices.size()) {
      throw new PolyLmException(
          "%s: the right answer is choice %s, must be 0 to %s"
              .formatted(yaml.file(), index, choices.size() - 1));
    }
    return choices.get((int) index);
  }

  private Item generation(Map<String, Object> document, String before) {
    Map<String, Object> settings = yaml.map("generation_kwargs");
    Object most = settings.get("max_gen_toks");
    Object until = settings.get("until");
    List<String> stops =
        until instanceof List<?> list
            ? list.stream().map(String::valueOf).toList()
            : List.of(until == null ? shotDelimiter : String.valueOf(until));
    return new GenerationItem(
        "",
        before + Operations.asText(value("doc_to_text", document)),
        false,
        references(value("doc_to_target", document)),
        stops,
        most instanceof Integer count ? count : MAX_GEN_TOKS);
  }

  private static List<String> references(Object target) {
    return target instanceof List<?> list
        ? list.stream().map(Operations::asText).toList()
        : List.of(Operations.asText(target));
  }

  private List<String> choices(Map<String, Object> document) {
    Object own = yaml.get("doc_to_choice");
    Object choices = own instanceof Map<?, ?> map ? List.copyOf(map.values()) : own;
    Object list = choices instanceof List<?> ? choices : value("doc_to_choice", document);
    if (list instanceof List<?> values && values.size() > 1) {
      return values.stream().map(Operations::asText).toList();
    }
    throw new PolyLmException(
        "%s: doc_to_choice gives %s, must give a list of at least two"
            .formatted(yaml.file(), list));
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
    Object field = document.get(String.valueOf(own));
    if (field != null) {
      return field;
    }
    Object value = Template.of(String.valueOf(own)).value(document);
    boolean number = value instanceof String text && text.matches("[0-9]{1,9}");
    return number && yaml.get("doc_to_choice") != null ? Long.valueOf(value.toString()) : value;
  }
}

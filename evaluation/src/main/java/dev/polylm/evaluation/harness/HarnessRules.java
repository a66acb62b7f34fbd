package dev.polylm.evaluation.harness;

import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.Quoted;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Refuses settings that would change the result of a task and are not known here. */
final class HarnessRules {
  private static final Set<String> KNOWN =
      Set.of(
          "task",
          "task_alias",
          "tag",
          "dataset_path",
          "dataset_name",
          "dataset_kwargs",
          "training_split",
          "validation_split",
          "test_split",
          "fewshot_split",
          "fewshot_config",
          "fewshot_delimiter",
          "num_fewshot",
          "description",
          "doc_to_text",
          "doc_to_target",
          "doc_to_choice",
          "target_delimiter",
          "output_type",
          "generation_kwargs",
          "repeats", // a greedy answer stays the same
          "metric_list",
          "should_decontaminate",
          "doc_to_decontamination_query",
          "unsafe_code",
          "metadata");

  private static final Set<String> OF_METRICS = Set.of("metric", "aggregation", "higher_is_better");
  private static final Set<String> OF_EXAMPLES = Set.of("sampler", "split");
  private static final Set<String> OF_JSON = Set.of("data_files", "trust_remote_code");

  /** Besides how long an answer is, where it ends, and what counts only if ids are drawn. */
  private static final Set<String> OF_GENERATION =
      Set.of(
          "until",
          "max_gen_toks",
          "max_new_tokens",
          "max_tokens",
          "max_completion_tokens",
          "do_sample",
          "temperature",
          "top_p",
          "top_k");

  private final HarnessYaml yaml;

  private HarnessRules(HarnessYaml yaml) {
    this.yaml = yaml;
  }

  /**
   * Checks a task's settings.
   *
   * @throws PolyLmException if one is not known here
   */
  static void check(HarnessYaml yaml) {
    HarnessRules rules = new HarnessRules(yaml);
    rules.checkKeys("", yaml.all(), KNOWN);
    rules.checkKeys("fewshot_config.", yaml.map("fewshot_config"), OF_EXAMPLES);
    if (yaml.text("dataset_path", "").equals("json")) {
      rules.checkKeys("dataset_kwargs.", yaml.map("dataset_kwargs"), OF_JSON);
    }
    rules.checkGeneration(yaml.map("generation_kwargs"));
    rules.checkMetrics();
  }

  private void checkKeys(String prefix, Map<String, Object> settings, Set<String> known) {
    settings.forEach(
        (key, value) -> {
          if (!known.contains(key) && isSet(value)) {
            throw new PolyLmException(
                "%s: sets %s%s, which is not known here; expected a file without it"
                    .formatted(yaml.file(), prefix, key));
          }
        });
  }

  /** Returns whether a setting says anything: null and false say the same as its absence. */
  private static boolean isSet(@Nullable Object value) {
    return value != null && !value.equals(false);
  }

  private void checkGeneration(Map<String, Object> settings) {
    checkKeys("generation_kwargs.", settings, OF_GENERATION);
    Object sampled = settings.get("do_sample");
    Object temperature = settings.get("temperature");
    boolean cold =
        temperature == null || (temperature instanceof Number heat && heat.doubleValue() == 0);
    boolean greedy = sampled == null ? cold : sampled.equals(false);
    if (!greedy) {
      throw new PolyLmException(
          "%s: generation_kwargs draws ids, with do_sample %s and temperature %s; must be greedy"
              .formatted(yaml.file(), sampled, temperature));
    }
  }

  private void checkMetrics() {
    Object metrics = yaml.get("metric_list");
    if (metrics != null && !(metrics instanceof List<?>)) {
      throw yaml.wrong("metric_list", "a list");
    }
    for (Object metric : metrics instanceof List<?> list ? list : List.of()) {
      if (!(metric instanceof Map<?, ?> map)) {
        throw yaml.wrong("metric_list", "a list of mappings");
      }
      String name = String.valueOf(map.get("metric"));
      checkKeys("metric_list." + name + ".", HarnessYaml.named(map), OF_METRICS);
      Object aggregation = map.get("aggregation");
      String usual = Set.of("bleu", "chrf").contains(name) ? name : "mean";
      if (aggregation != null && !aggregation.equals(usual)) {
        throw new PolyLmException(
            "%s: the metric %s has the aggregation %s, must be %s"
                .formatted(yaml.file(), name, Quoted.of(aggregation), usual));
      }
    }
  }
}

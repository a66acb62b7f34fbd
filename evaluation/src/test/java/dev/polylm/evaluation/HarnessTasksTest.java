package dev.polylm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.evaluation.report.Report;
import dev.polylm.evaluation.report.Report.TaskReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** YAML files beside what lm-evaluation-harness makes of them; make_harness.py recorded it. */
class HarnessTasksTest {
  private static final Path RESOURCES = Path.of("src/test/resources/harness");
  private static final Path TASKS = RESOURCES.resolve("tasks");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void requestsAndScoresAreThoseOfTheHarness() throws IOException {
    JsonNode expected = JSON.readTree(RESOURCES.resolve("expected.json").toFile());
    List<String> names = expected.properties().stream().map(Map.Entry::getKey).toList();
    List<String> files = names.stream().map(n -> TASKS.resolve(n + ".yaml").toString()).toList();
    Report report;
    try (PolyLm model = PolyLm.openEmbedded()) {
      report = new Evaluation(options(RESOURCES.resolve("data"), files)).run(model);
    }
    for (TaskReport task : report.tasks()) {
      JsonNode results = expected.get(task.name()).get("results");
      for (int i = 0; i < task.measures().size(); i++) {
        double share = task.measures().get(i).matches("chrF2|BLEU") ? 1 : 100;
        String name = task.measures().get(i).replace("chrF2", "chrf").replace("BLEU", "bleu");
        assertThat(task.rows().get(0).scores().get(i))
            .as(task.name() + " " + name)
            .isCloseTo(share * results.get(name).doubleValue(), within(1e-6));
      }
    }
    assertThat(report.tasks()).extracting(TaskReport::name).isEqualTo(names);
    checkItems(expected);
  }

  private EvaluationOptions options(Path data, List<String> files) {
    return EvaluationOptions.builder(data, folder.resolve("report")).tasks(files).build();
  }

  private void checkItems(JsonNode expected) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("report/items.jsonl"));
    for (String line : lines.subList(1, lines.size())) {
      JsonNode item = JSON.readTree(line);
      JsonNode samples = expected.get(item.get("task").textValue()).get("samples");
      JsonNode requests = samples.get(item.get("index").intValue());
      if (item.has("answer")) {
        assertThat(item.get("prompt")).isEqualTo(requests.get(0).get(0));
        assertThat(item.get("answer")).isEqualTo(requests.get(0).get(1));
        continue;
      }
      for (int i = 0; i < requests.size(); i++) {
        assertThat(item.get("options").get(i).get("context")).isEqualTo(requests.get(i).get(0));
        assertThat(item.get("options").get(i).get("text")).isEqualTo(requests.get(i).get(1));
        assertThat(item.get("log_likelihoods").get(i).doubleValue())
            .isCloseTo(requests.get(i).get(2).doubleValue(), within(2e-3));
      }
    }
    assertThat(lines).hasSize(1 + 5 * 12 + 16);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "doc_to_text: !function utils.f | doc_to_text is the Python function utils.f, must be a",
        "process_docs: x | sets process_docs, which is not known here",
        "output_type: loglikelihood | output_type \"loglikelihood\", must have a name, and",
        "metric_list: [{metric: mcc}] | has the metric \"mcc\", must be one of [acc, acc_bytes",
        "num_fewshot: 1 | draws 1 examples at random, must have fewshot_config with sampler:",
        "doc_to_text: \"{% if a %}b{% endif %}\" | has a statement, {% ... %}; only {{ ... }}",
        "doc_to_text: \"{{premise\" | is not known here, expected }}",
        "doc_to_text: \"{{premis}}\" | premis is no field, expected one of [premise, hypothesis",
        "doc_to_text: \"{{premise.split('a')}}\" | split with 1 arguments is not known here",
        "doc_to_text: \"{{[1, 2][2]}}\" | index 2 is out of range, [1, 2] has 2 elements",
        "doc_to_target: 3 | the right answer is choice 3, must be 0 to 2",
        "doc_to_choice: \"{{[premise]}}\" | must give a list of at least two",
        "validation_split: null | has neither test_split nor validation_split",
        "include: missing.yaml | missing.yaml: is missing, expected the YAML file",
        "include: task.yaml | is included by 11 files in a chain",
        "dataset_path: facebook/xnli | facebook/xnli/validation.jsonl: is missing, expected the",
        "a: [ | is no YAML: ",
        "gen_prefix: x | sets gen_prefix, which is not known here; expected a file without it",
        "task_list: [a] | sets task_list, which is not known here",
        "task: [a] | task is [a], must be a text",
        "fewshot_config: {samples: !function u.f} | fewshot_config.samples is the Python function",
        "fewshot_config: {doc_to_text: x} | sets fewshot_config.doc_to_text, which is not known",
        "fewshot_config: first_n | fewshot_config is first_n, must be a mapping",
        "metric_list: [{metric: acc, aggregation: median}] | has the aggregation median, must be",
        "metric_list: [{metric: !function u.f}] | metric_list.metric is the Python function u.f",
        "metric_list: [{metric: acc, x: true}] | sets metric_list.acc.x, which is not known here",
        "metric_list: acc | metric_list is acc, must be a list",
        "generation_kwargs: {do_sample: true} | generation_kwargs draws ids, with do_sample true",
        "generation_kwargs: {temperature: 0.7} | and temperature 0.7; must be greedy",
        "generation_kwargs: {num_beams: 4} | sets generation_kwargs.num_beams, which is not known",
        "num_fewshot: -1 | num_fewshot is -1, must be a number of at least 0",
        "num_fewshot: two | num_fewshot is two, must be a number of at least 0",
        "doc_to_text: \"{# note #}\" | has a comment, {# ... #}; only {{ ... }} is known here",
        "doc_to_text: !function [a] | doc_to_text is the Python function ?, must be a template",
        "dataset_kwargs: {field: x, data_files: xnli_de.jsonl} | sets dataset_kwargs.field, which",
        "doc_to_target: \"{{premise}}\" | must be one of [a, b, c] or an index"
      })
  void refusesWhatItDoesNotKnow(String line, String message) throws IOException {
    String key = line.substring(0, line.indexOf(':'));
    StringBuilder yaml = new StringBuilder();
    Files.readAllLines(TASKS.resolve("xnli_common_yaml")).stream()
        .filter(l -> !l.startsWith(key + ":") && !(key.equals("metric_list") && l.startsWith(" ")))
        .filter(l -> !l.startsWith("task:") && !l.startsWith("doc_to_choice:"))
        .forEach(l -> yaml.append(l).append('\n'));
    yaml.append("task: t\n");
    yaml.append(key.equals("doc_to_choice") ? "" : "doc_to_choice: [a, b, c]\n");
    yaml.append("dataset_kwargs: {data_files: {validation: xnli_de.jsonl}}\n").append(line);
    Path task = Files.writeString(folder.resolve("task.yaml"), yaml);
    EvaluationOptions options =
        options(RESOURCES.resolve("data").toAbsolutePath(), List.of(task.toString()));
    try (PolyLm model = PolyLm.openEmbedded()) {
      assertThatThrownBy(() -> new Evaluation(options).run(model))
          .isInstanceOf(PolyLmException.class)
          .hasMessageContaining(message);
    }
  }
}

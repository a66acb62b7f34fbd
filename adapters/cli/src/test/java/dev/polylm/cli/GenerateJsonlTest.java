package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GenerateJsonlTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Recorded by make_generation.py beside it from Hugging Face's generate(). */
  private static final Path FIXTURE =
      Path.of("../../integration-tests/src/test/resources/generation.json");

  private static final Set<String> NAMES =
      Set.of(
          "greedy",
          "card",
          "beam-not-early",
          "beam-never",
          "beam-short-penalty",
          "beam-return-3",
          "eos-list");

  @Test
  void answersAsHuggingFaceDoes() throws IOException {
    List<JsonNode> cases = new ArrayList<>();
    StringBuilder requests = new StringBuilder();
    for (JsonNode example : JSON.readTree(FIXTURE.toFile())) {
      if (NAMES.contains(example.get("name").textValue())) {
        cases.add(example);
        ObjectNode request =
            JSON.createObjectNode().put("prompt", example.get("prompt").textValue());
        request.set("config", example.get("config"));
        requests.append(request).append('\n');
      }
    }
    Run run = Run.withInput(requests.toString(), "generate", "--jsonl", "-", "--output", "-");
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.outLines()).hasSameSizeAs(cases).hasSizeGreaterThan(80);
    for (int i = 0; i < cases.size(); i++) {
      assertSame(cases.get(i), JSON.readTree(run.outLines().get(i)));
    }
  }

  private static void assertSame(JsonNode expected, JsonNode actual) {
    String what = expected.get("name") + ": " + expected.get("prompt");
    assertThat(actual.get("sequences")).as(what).isEqualTo(expected.get("sequences"));
    assertThat(actual.get("texts")).as(what).isEqualTo(expected.get("texts"));
    assertThat(actual.get("finish_reasons")).as(what).hasSameSizeAs(expected.get("sequences"));
    if (expected.has("sequences_scores")) {
      assertNear(what, expected.get("sequences_scores"), actual.get("sequences_scores"));
      for (int i = 0; i < expected.get("sequences").size(); i++) {
        assertThat(actual.get("token_logprobs").get(i))
            .hasSameSizeAs(expected.get("sequences").get(i));
      }
    } else {
      assertNear(what, expected.get("token_logprobs"), actual.get("token_logprobs").get(0));
      assertThat(actual.has("sequences_scores")).isFalse();
    }
  }

  private static void assertNear(String what, JsonNode expected, JsonNode actual) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i).doubleValue())
          .as(what)
          .isCloseTo(expected.get(i).doubleValue(), within(1e-3));
    }
  }

  @Test
  void saysWhySequencesEnded() throws IOException {
    Run run =
        Run.withInput(
            """
            {"input_ids": [5581, 321, 454], "config": {"max_new_tokens": 1}}
            {"input_ids": [5581, 321, 454], "config": {"max_new_tokens": 9, "eos_token_id": [290]}}
            """,
            "generate",
            "--jsonl",
            "-",
            "--output",
            "-");
    assertThat(run.status()).isZero();
    assertThat(JSON.readTree(run.outLines().get(0)).get("finish_reasons"))
        .isEqualTo(JSON.createArrayNode().add("length"));
    JsonNode stopped = JSON.readTree(run.outLines().get(1));
    assertThat(stopped.get("finish_reasons")).isEqualTo(JSON.createArrayNode().add("stop_token"));
    assertThat(stopped.get("sequences").get(0))
        .last()
        .isEqualTo(JSON.getNodeFactory().numberNode(290));
  }

  @Test
  void optionsAreDefaultsOfEachLine() throws IOException {
    Run run =
        Run.withInput(
            """
            {"input_ids": [5581, 321]}
            {"input_ids": [5581, 321], "config": {"max_length": 4}}
            {"input_ids": [5581, 321], "config": {"num_beams": 1}}
            """,
            "generate",
            "--jsonl",
            "-",
            "--output",
            "-",
            "--max-new-tokens",
            "3",
            "--num-beams",
            "2",
            "--eos-token-id",
            "8191");
    assertThat(run.status()).isZero();
    List<JsonNode> answers = new ArrayList<>();
    for (String line : run.outLines()) {
      answers.add(JSON.readTree(line));
    }
    assertThat(answers.get(0).get("sequences").get(0)).hasSize(3);
    assertThat(answers.get(0).has("sequences_scores")).isTrue();
    assertThat(answers.get(1).get("sequences").get(0)).hasSize(2);
    assertThat(answers.get(2).get("token_logprobs").get(0)).hasSize(3);
  }

  @Test
  void theLikeliestIdsStandBesideTheChosenOnes() throws IOException {
    Run run =
        Run.withInput(
            """
            {"input_ids": [5581, 321], "config": {"max_new_tokens": 3, "top_logprobs": 2}}
            {"input_ids": [5581, 321], "config": {"max_new_tokens": 3, "output_logprobs": false}}
            """,
            "generate",
            "--jsonl",
            "-",
            "--output",
            "-");
    assertThat(run.status()).isZero();
    JsonNode answer = JSON.readTree(run.outLines().get(0));
    JsonNode ids = answer.get("sequences").get(0);
    JsonNode alternatives = answer.get("top_logprobs").get(0);
    assertThat(alternatives).hasSameSizeAs(ids);
    for (int i = 0; i < ids.size(); i++) {
      assertThat(alternatives.get(i)).hasSize(2);
      assertThat(alternatives.get(i).get(0).get(0)).isEqualTo(ids.get(i));
      assertThat(alternatives.get(i).get(0).get(1))
          .isEqualTo(answer.get("token_logprobs").get(0).get(i));
    }
    assertThat(JSON.readTree(run.outLines().get(1)).fieldNames())
        .toIterable()
        .containsExactly("sequences", "texts", "finish_reasons");
  }

  @Test
  void aBadLineIsAnsweredInItsPlace() {
    Run run =
        Run.withInput(
            """
            {"prompt": "a", "input_ids": [1]}
            {"config": {}}
            {"prompt": 5}
            {"input_ids": [1, 2.5]}
            {"input_ids": [99999]}
            {"input_ids": []}
            {"prompt": "a", "config": []}
            {"prompt": "a", "config": {"num_beam": 2}}
            {"prompt": "a", "config": {"num_beams": 0}}
            {"input_ids": [5581, 321, 454], "config": {"max_new_tokens": 1}}
            """,
            "generate",
            "--jsonl",
            "-",
            "--output",
            "-");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).isEmpty();
    List<String> lines = run.outLines();
    assertThat(lines).hasSize(10);
    String keys = "expected one of [[prompt], [input_ids]], optionally with config, constraint\"}";
    assertThat(lines.subList(0, 4))
        .containsExactly(
            "{\"error\":\"the request has the keys [prompt, input_ids], " + keys,
            "{\"error\":\"the request has the keys [config], " + keys,
            "{\"error\":\"prompt is a JSON number, must be a text\"}",
            "{\"error\":\"input_ids[1] is 2.5, must be an integer below 2^31\"}");
    assertThat(lines.get(4)).startsWith("{\"error\":").contains("99999", "8191");
    assertThat(lines.get(5)).startsWith("{\"error\":").contains("at least one token");
    assertThat(lines.get(6)).isEqualTo("{\"error\":\"config is a JSON list, must be an object\"}");
    assertThat(lines.get(7)).startsWith("{\"error\":\"num_beam is not a generation setting");
    assertThat(lines.get(8)).isEqualTo("{\"error\":\"num_beams is 0, must be at least 1\"}");
    assertThat(lines.get(9)).startsWith("{\"sequences\":[[290]],\"texts\":");
  }

  @Test
  void specialTokensInPromptsAreTextUnlessTrusted() throws IOException {
    String line = "{\"prompt\": \"Paris</s>\", \"config\": {\"max_new_tokens\": 1}}";
    Run plain = Run.withInput(line, "generate", "--jsonl", "-", "--output", "-");
    Run trusted = Run.withInput(line, "generate", "--trusted", "--jsonl", "-", "--output", "-");
    assertThat(plain.status()).isZero();
    assertThat(trusted.status()).isZero();
    Run ids = Run.of("tokenize", "--trusted", "Paris</s>");
    JsonNode request =
        JSON.createObjectNode().set("input_ids", JSON.readTree(ids.out()).get("ids"));
    ((ObjectNode) request).putObject("config").put("max_new_tokens", 1);
    Run byIds = Run.withInput(request.toString(), "generate", "--jsonl", "-", "--output", "-");
    assertThat(trusted.out()).isEqualTo(byIds.out()).isNotEqualTo(plain.out());
  }
}

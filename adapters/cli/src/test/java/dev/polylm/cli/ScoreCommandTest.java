package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Recorded by make_generation.py beside it from Hugging Face's logits. */
  private static final Path FIXTURE =
      Path.of("../../integration-tests/src/test/resources/scores.json");

  @Test
  void scoresAsHuggingFaceDoes() throws IOException {
    JsonNode cases = JSON.readTree(FIXTURE.toFile()).get("loglikelihood");
    StringBuilder requests = new StringBuilder();
    for (JsonNode example : cases) {
      requests.append(select(example, "context", "continuation")).append('\n');
      requests.append(select(example, "context_ids", "continuation_ids")).append('\n');
    }
    List<String> lines = score(requests.toString());
    for (int i = 0; i < lines.size(); i++) {
      JsonNode expected = cases.get(i / 2);
      JsonNode actual = JSON.readTree(lines.get(i));
      assertThat(actual.get("sum").doubleValue())
          .isCloseTo(expected.get("sum").doubleValue(), within(1e-3));
      assertThat(actual.get("tokens")).hasSameSizeAs(expected.get("tokens"));
      assertThat(actual.get("is_greedy")).isEqualTo(expected.get("is_greedy"));
    }
    assertThat(lines).hasSize(2 * cases.size());
  }

  @Test
  void givesThePerplexityThatHuggingFaceGives() throws IOException {
    JsonNode cases = JSON.readTree(FIXTURE.toFile()).get("perplexity");
    StringBuilder requests = new StringBuilder();
    for (JsonNode example : cases) {
      requests.append(select(example, "text")).append('\n');
      requests.append(select(example, "ids")).append('\n');
    }
    List<String> lines = score(requests.toString());
    for (int i = 0; i < lines.size(); i++) {
      double expected = cases.get(i / 2).get("perplexity").doubleValue();
      assertThat(JSON.readTree(lines.get(i)).get("perplexity").doubleValue())
          .isCloseTo(expected, within(1e-3 * expected));
    }
    assertThat(lines).hasSize(2 * cases.size());
  }

  private static List<String> score(String requests) {
    Run run = Run.withInput(requests, "score", "--jsonl", "-", "--output", "-");
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    return run.outLines();
  }

  private static ObjectNode select(JsonNode example, String... keys) {
    return ((ObjectNode) example).deepCopy().retain(keys);
  }

  @Test
  void scoresArguments() throws IOException {
    Run run =
        Run.of("score", "--context", GenerateCommandTest.CARD, "--continuation", "\\n北京是中国的首都。");
    assertThat(run.status()).isZero();
    JsonNode answer = JSON.readTree(run.out());
    assertThat(answer.get("sum").doubleValue()).isCloseTo(-0.03052, within(1e-3));
    assertThat(answer.get("tokens")).hasSize(7);
    assertThat(answer.get("is_greedy").booleanValue()).isTrue();
    assertThat(run.outLines()).hasSize(1);
    assertThat(Run.of("score", "--text", "Paris is the capital of France.").out())
        .matches("\\{\"perplexity\":[0-9.]+}\n");
  }

  @Test
  void aBadLineIsAnsweredInItsPlace() {
    Run run =
        Run.withInput(
            """
            {"context": "a"}
            {"text": "a", "ids": [1]}
            {"context": "a", "continuation": null}
            {"context_ids": [1], "continuation_ids": [8192]}
            {"text": "Paris is"}
            """,
            "score",
            "--jsonl",
            "-",
            "--output",
            "-");
    assertThat(run.status()).isEqualTo(1);
    String forms =
        "expected one of [[context, continuation], [context_ids, continuation_ids], [text],"
            + " [ids]]\"}";
    assertThat(run.outLines().subList(0, 3))
        .containsExactly(
            "{\"error\":\"the request has the keys [context], " + forms,
            "{\"error\":\"the request has the keys [text, ids], " + forms,
            "{\"error\":\"continuation is a JSON null, must be a text\"}");
    assertThat(run.outLines().get(3)).startsWith("{\"error\":").contains("8192");
    assertThat(run.outLines().get(4)).startsWith("{\"perplexity\":");
  }

  @Test
  void wrongArgumentsAreUsageErrors() {
    for (String[] arguments :
        new String[][] {
          {"score"},
          {"score", "--context", "a"},
          {"score", "--context", "a", "--continuation", "b", "--text", "c"},
          {"score", "--text", "a", "--jsonl", "-", "--output", "-"}
        }) {
      Run run = Run.of(arguments);
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err())
          .startsWith("polylm: ")
          .doesNotContain("Error")
          .endsWith("Try 'polylm score --help'.\n");
    }
  }
}

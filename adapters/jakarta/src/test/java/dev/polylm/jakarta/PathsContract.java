package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.jakarta.server.Client;
import dev.polylm.jakarta.server.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever spelling of a path leads to the API: without a key it is shut. */
abstract class PathsContract extends ServerContract {
  private static final String KEY = "key-of-this-test";

  /** What only an answer has. */
  private static final String[] ANSWERED = {
    "choices",
    "owned_by",
    "\"openapi\"",
    "eos_token",
    "output_text",
    "\"embedding\"",
    "relevance_score",
    "\"score\"",
    "max_model_len"
  };

  /** What each resource that is posted to needs. */
  private static final String BODY =
      """
      {"max_tokens": 1, "messages": [{"role": "user", "content": "a"}], "input": "a", "query": "a",
      "documents": ["a"], "text_1": "a", "text_2": "a", "tokens": [5]%s}""";

  @Override
  Map<String, String> config() {
    return Map.of("polylm.server.api-keys", KEY, "polylm.model.name", "family/polylm-tiny");
  }

  @Override
  void awaitModel(Client client) {
    while (ask("GET", "/v1/models", KEY).contains("is still opening")) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, v1/models",
    "GET, v1/models/family/polylm-tiny",
    "GET, v1/openapi.json",
    "GET, tokenizer_info",
    "POST, v1/completions",
    "POST, v1/chat/completions",
    "POST, v1/responses",
    "POST, v1/embeddings",
    "POST, v1/rerank",
    "POST, v1/score",
    "POST, tokenize",
    "POST, detokenize",
    "OPTIONS, v1/models",
    "HEAD, v1/models",
    "PUT, v1/completions"
  })
  void noSpellingOfAPathNeedsNoKey(String method, String path) {
    for (String spelling : spellings(path)) {
      String answer = ask(method, spelling, "");
      assertThat(status(answer)).as(method + " " + spelling + ": " + answer).isBetween(400, 499);
      assertThat(answer).as(method + " " + spelling).doesNotContain(ANSWERED);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, v1/models, owned_by",
    "GET, v1/models/family/polylm-tiny, owned_by",
    "GET, v1/openapi.json, openapi",
    "GET, tokenizer_info, eos_token",
    "POST, v1/completions, choices",
    "POST, v1/chat/completions, choices",
    "POST, v1/responses, output_text",
    "POST, v1/embeddings, embedding",
    "POST, v1/rerank, relevance_score",
    "POST, v1/score, score",
    "POST, tokenize, max_model_len",
    "POST, detokenize, prompt"
  })
  void withAKeyASpellingIsAnsweredOrRefused(String method, String path, String answered) {
    assertThat(ask(method, "/" + path, KEY)).startsWith("HTTP/1.1 200").contains(answered);
    for (String spelling : spellings(path)) {
      String answer = ask(method, spelling, KEY);
      if (status(answer) == 200) {
        assertThat(answer).as(spelling).contains(answered);
      } else {
        assertThat(status(answer)).as(spelling + ": " + answer).isBetween(400, 499);
      }
    }
  }

  @Test
  void aModelsNameMayHaveASlash() {
    String answer = ask("GET", "/v1/models/family/polylm-tiny", KEY);
    assertThat(answer)
        .startsWith("HTTP/1.1 200")
        .contains("\"id\":\"family/polylm-tiny\"", "\"device\":\"cpu\"");
    assertThat(ask("GET", "/v1/models/family/other", KEY))
        .contains("The model `family/other` does not exist", "\"code\":\"model_not_found\"");
  }

  @Test
  void matrixParametersChangeNothing() {
    assertThat(status(ask("GET", "/v1;x=1/models", KEY))).isEqualTo(200);
    assertThat(status(ask("GET", "/v1;x=1/models", ""))).isEqualTo(401);
    assertThat(status(ask("POST", "/v1;x/completions", KEY))).isEqualTo(200);
    assertThat(status(ask("POST", "/v1;x/completions", ""))).isEqualTo(401);
  }

  private static List<String> spellings(String path) {
    List<String> spellings = new ArrayList<>();
    String[] segments = path.split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      for (String form :
          List.of("%s;x", "%s;x=1", "%s;", "%s%%3Bx", ";x%s", "./%s", "y/../%s", "/%s", "%%2f%s")) {
        String[] changed = segments.clone();
        changed[i] = form.formatted(segments[i]);
        spellings.add("/" + String.join("/", changed));
      }
      String[] changed = segments.clone();
      changed[i] = segments[i].toUpperCase(Locale.ROOT);
      spellings.add("/" + String.join("/", changed));
      changed[i] = "%%%02x%s".formatted((int) segments[i].charAt(0), segments[i].substring(1));
      spellings.add("/" + String.join("/", changed));
    }
    spellings.add("/" + path + "/");
    spellings.add("/" + path + "//");
    spellings.add("/" + path + "/.");
    spellings.add("/" + path + "%2f");
    spellings.add("/" + path + ";x=%2f");
    spellings.add("/" + path.replaceFirst("/", "%2F"));
    spellings.add("/" + path.replaceFirst("/", ";a=/"));
    spellings.add("/" + path.replaceFirst("/", "%252f"));
    spellings.add("//" + path);
    spellings.add("/;x/" + path);
    spellings.add("/chat/../" + path);
    return spellings;
  }

  private static int status(String answer) {
    assertThat(answer).startsWith("HTTP/1.1 ");
    return Integer.parseInt(answer.substring(9, 12));
  }

  /** Head and body of the answer to a path that no client has tidied. */
  private String ask(String method, String path, String key) {
    boolean sends = method.equals("POST") || method.equals("PUT");
    boolean response = path.contains("responses"); // which takes a prompt for a stored one
    String body = sends ? BODY.formatted(response ? "" : ", \"prompt\": \"a\"") : "";
    try (RawClient client = new RawClient(server().uri())) {
      client.send(
          "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".formatted(method, path)
              + (key.isEmpty() ? "" : "Authorization: Bearer " + key + "\r\n")
              + (body.isEmpty() ? "" : "Content-Type: application/json\r\n")
              + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body));
      return client.readAll();
    }
  }
}

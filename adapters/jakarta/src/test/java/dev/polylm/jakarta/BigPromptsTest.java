package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.jakarta.server.Client;
import dev.polylm.jakarta.server.ServerProgram;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with a small heap stays up, whatever its clients send at once. */
@TestInstance(Lifecycle.PER_CLASS)
final class BigPromptsTest {
  private static final int BYTES = 1_040_000; // just under the limit of a body
  private static final int AT_ONCE = 12;

  private Process process;
  private Client client;

  /** The server ends at the first OutOfMemoryError, even if something catches it. */
  @BeforeAll
  void start() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                ServerProgram.class.getName())
            .redirectError(Redirect.DISCARD)
            .start();
    client = new Client(URI.create(process.inputReader(StandardCharsets.UTF_8).readLine()));
    while (client.get("v1/models").body().contains("is still opening")) {
      Thread.onSpinWait();
    }
  }

  @AfterAll
  void end() throws Exception {
    process.getOutputStream().close();
    assertThat(process.waitFor()).isZero();
  }

  private static String text(String unit) {
    return unit.repeat(BYTES / unit.getBytes(StandardCharsets.UTF_8).length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a", // one word
        "a ", // many words
        "北京", // three bytes a character
        "\\u0000", // bytes of the vocabulary
        "\\ud83d\\ude00",
        "<s>"
      })
  void promptsOfAMegabyteAreRefusedOrAnswered(String unit) throws Exception {
    String text = text(unit);
    assertAllRefused("v1/completions", "{'max_tokens': 3, 'prompt': '" + text + "'}");
    String message = "{'role': 'user', 'content': '" + text + "'}";
    assertAllRefused("v1/chat/completions", "{'max_tokens': 3, 'messages': [" + message + "]}");
    assertAnswers();
  }

  /** Ids are as long as what they spell only once they are decoded. */
  @Test
  void listsOfManyIdsAreRefused() throws Exception {
    String ids = "[5" + ", 7".repeat(BYTES / 3 - 20) + "]";
    assertAllRefused("v1/completions", "{'max_tokens': 3, 'prompt': " + ids + "}");
    assertAllRefused("v1/embeddings", "{'input': " + ids + "}");
    assertAnswers();
  }

  @Test
  void textsOfAMegabyteHaveNoVectorsAndNoScores() throws Exception {
    String text = "'" + text("a ") + "'";
    assertAllRefused("v1/embeddings", "{'input': " + text + "}");
    assertAllRefused("v1/rerank", "{'query': 'a', 'documents': [" + text + "]}");
    assertAllRefused("v1/rerank", "{'query': " + text + ", 'documents': ['a']}");
    assertAllRefused("v1/score", "{'text_1': " + text + ", 'text_2': 'a'}");
    assertAllRefused("v1/score", "{'text_1': 'a', 'text_2': " + text + "}");
    assertAnswers();
  }

  /** Texts longer than the context are tokenized too: a client cuts them by their ids. */
  @ParameterizedTest
  @ValueSource(strings = {"a ", "\u007f"})
  void textsOfAMegabyteAreTokenized(String unit) throws Exception {
    int texts = BYTES / unit.getBytes(StandardCharsets.UTF_8).length;
    String body = "{'return_token_strs': true, 'prompt': '" + unit.repeat(texts) + "'}";
    for (HttpResponse<String> response : atOnce("tokenize", body)) {
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(Client.json(response.body()).path("tokens"))
          .hasSize(Client.json(response.body()).path("count").intValue())
          .hasSizeGreaterThan(texts / 2);
    }
    assertAnswers();
  }

  /** Trees of small objects take many times the bytes of their text. */
  @Test
  void bodiesOfManyObjectsAreRefused() throws Exception {
    String objects = "{'a': 1},".repeat(BYTES / 10);
    String body = "{'prompt': [" + objects + "{}]}";
    for (HttpResponse<String> response : atOnce("tokenize", body)) {
      assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
      assertThat(response.body()).contains("prompt is a list, must be a string");
    }
    assertAnswers();
  }

  private void assertAnswers() {
    HttpResponse<String> next = client.post("v1/completions", "{'prompt': 'a', 'max_tokens': 3}");
    assertThat(next.statusCode()).isEqualTo(200);
    assertThat(process.isAlive()).isTrue();
  }

  private void assertAllRefused(String path, String body) throws Exception {
    for (HttpResponse<String> response : atOnce(path, body)) {
      assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
      assertThat(response.body()).contains("context_length_exceeded", "512");
    }
  }

  private List<HttpResponse<String>> atOnce(String path, String body) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<HttpResponse<String>>> responses = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        responses.add(threads.submit(() -> client.post(path, body)));
      }
      List<HttpResponse<String>> answers = new ArrayList<>();
      for (Future<HttpResponse<String>> response : responses) {
        answers.add(response.get());
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }
}

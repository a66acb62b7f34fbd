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
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with a small heap stays up, whatever its clients send at once. */
@TestInstance(Lifecycle.PER_CLASS)
final class BigPromptsTest {
  private static final int BYTES = 1_040_000; // just under the limit of a body
  private static final int AT_ONCE = 6;

  private Process process;
  private Client client;

  /** Ends at the first OutOfMemoryError, whoever catches it. */
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
    String text = unit.repeat(BYTES / unit.getBytes(StandardCharsets.UTF_8).length);
    assertAllRefused("v1/completions", "{'max_tokens': 3, 'prompt': '" + text + "'}");
    String message = "{'role': 'user', 'content': '" + text + "'}";
    assertAllRefused("v1/chat/completions", "{'max_tokens': 3, 'messages': [" + message + "]}");
    HttpResponse<String> next = client.post("v1/completions", "{'prompt': 'a', 'max_tokens': 3}");
    assertThat(next.statusCode()).isEqualTo(200);
    assertThat(process.isAlive()).isTrue();
  }

  private void assertAllRefused(String path, String body) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<HttpResponse<String>>> responses = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        responses.add(threads.submit(() -> client.post(path, body)));
      }
      for (Future<HttpResponse<String>> response : responses) {
        assertThat(response.get().statusCode()).as(response.get().body()).isEqualTo(400);
        assertThat(response.get().body()).contains("context_length_exceeded", "512");
      }
    } finally {
      threads.shutdownNow();
    }
  }
}

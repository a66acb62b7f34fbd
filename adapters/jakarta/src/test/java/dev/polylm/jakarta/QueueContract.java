package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.jakarta.server.RawClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More requests than a server takes, and longer ones than it has time for. */
abstract class QueueContract extends ServerContract {
  private static final String SLOW = "{'prompt': 'a', 'max_tokens': 500, 'suppress_tokens': [2]}";

  @Override
  Map<String, String> config() {
    return Map.of("polylm.max-rows", "1", "polylm.queue", "1");
  }

  @Test
  void aFullQueueIsToldWithATimeToComeBack() throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(12);
    try {
      List<Future<HttpResponse<String>>> responses = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        responses.add(threads.submit(() -> client().post("v1/completions", SLOW)));
      }
      int refused = 0;
      for (Future<HttpResponse<String>> response : responses) {
        refused += checked(response.get());
      }
      // 11 where all came before the engine took the first out of its queue of one.
      assertThat(refused).isBetween(1, 11);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int checked(HttpResponse<String> response) {
    if (response.statusCode() == 200) {
      return 0;
    }
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("Retry-After")).contains("1");
    assertThat(ErrorsContract.error(response).path("message").asText())
        .isEqualTo("1 requests are waiting already, which is the limit: try again later.");
    return 1;
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e-9", "1e-12", "1e-9, 'max_tokens': 0, 'echo': true, 'logprobs': 1"})
  void timeThatIsOverBeforeTheFirstTokenIsAnError(String time) {
    try (RawClient slow = new RawClient(server().uri())) {
      slow.post("v1/completions", "", SLOW.replace('\'', '"').replace("}", ", \"stream\": true}"));
      slow.readLineWith("\"text\"");
      HttpResponse<String> response =
          client().post("v1/completions", "{'prompt': 'a b', 'max_time': " + time + "}");
      assertThat(response.statusCode()).isEqualTo(408);
      assertThat(ErrorsContract.error(response).path("message").asText())
          .isEqualTo("The request took longer than the server allows.");
    }
  }

  @Test
  void aPriorityAboveThatOfOthersIsRefused() {
    HttpResponse<String> response =
        client().post("v1/completions", "{'prompt': 'a', 'priority': 1}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(ErrorsContract.error(response).path("message").asText())
        .isEqualTo("priority is 1, must be an integer from -100 to 0.");
  }
}

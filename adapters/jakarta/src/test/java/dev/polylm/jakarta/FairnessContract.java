package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.jakarta.server.Client;
import dev.polylm.jakarta.server.RawClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two keys, of which one asks for more than the engine can do. */
abstract class FairnessContract extends ServerContract {
  private static final String SLOW =
      "{\"prompt\": \"a\", \"max_tokens\": 200, \"suppress_tokens\": [2], \"stream\": true}";
  private static final String EMBEDDING = "{\"input\": \"a\"}";

  @Override
  Map<String, String> config() {
    return Map.of(
        "polylm.max-rows", "1", "polylm.queue", "4", "polylm.server.api-keys", "mine,theirs");
  }

  @Override
  void awaitModel(Client client) {
    while (post(client, "mine", "v1/embeddings", EMBEDDING) == 503) {
      Thread.onSpinWait();
    }
  }

  private static int post(Client client, String key, String path, String json) {
    return client
        .send(
            client
                .request(path)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)))
        .statusCode();
  }

  /** One key's calls fill at most a part of the queue, here three of four places. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v1/embeddings | {\"input\": \"a\"}",
        "v1/rerank | {\"query\": \"a\", \"documents\": [\"b\"]}",
        "v1/score | {\"text_1\": \"a\", \"text_2\": \"b\"}"
      })
  void theCallsOfOneKeyLeaveRoomForAnother(String path, String json) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (RawClient slow = new RawClient(server().uri())) {
      slow.post("v1/completions", "mine", SLOW);
      slow.readLineWith("\"text\"");
      CountDownLatch answered = new CountDownLatch(5); // the others wait
      for (int i = 0; i < 8; i++) {
        threads.execute(
            () -> {
              post(client(), "mine", path, json);
              answered.countDown();
            });
      }
      answered.await();
      assertThat(post(client(), "theirs", path, json)).isEqualTo(200);
    } finally {
      threads.shutdownNow();
    }
  }
}

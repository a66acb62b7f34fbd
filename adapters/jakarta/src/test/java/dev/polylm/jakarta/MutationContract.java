package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.jakarta.server.RequestMutator;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Requests that someone or something has garbled: refused with a sentence, or answered. */
abstract class MutationContract extends ServerContract {
  private static final int REQUESTS = 2_500;
  private static final int THREADS = 4;

  /** Another for each server, whose requests are others then. */
  abstract int seed();

  @Override
  Map<String, String> config() {
    return Map.of("polylm.server.max-tokens", "6", "polylm.server.max-body-bytes", "50000");
  }

  @Test
  void everyRequestIsAnsweredOrRefused() throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Integer>> refused = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        RequestMutator mutator = new RequestMutator(seed() + i);
        refused.add(threads.submit(() -> askMany(mutator)));
      }
      int sum = 0;
      for (Future<Integer> one : refused) {
        sum += one.get();
      }
      assertThat(sum).isBetween(REQUESTS / 4, REQUESTS * 19 / 20);
    } finally {
      threads.shutdownNow();
    }
    assertThat(client().get("v1/models").statusCode()).isEqualTo(200);
  }

  /** How many are refused. */
  private int askMany(RequestMutator mutator) {
    int refused = 0;
    for (int i = 0; i < REQUESTS / THREADS; i++) {
      RequestMutator.Request request = mutator.next();
      HttpResponse<String> response =
          client()
              .send(
                  client()
                      .request(request.path())
                      .header("Content-Type", request.contentType())
                      .POST(BodyPublishers.ofByteArray(request.body())));
      check(request, response);
      refused += response.statusCode() == 200 ? 0 : 1;
    }
    return refused;
  }

  private static void check(RequestMutator.Request request, HttpResponse<String> response) {
    if (response.statusCode() == 200) {
      assertThat(response.body())
          .as(request.toString())
          .isNotEmpty()
          .doesNotContain("server_error");
    } else {
      assertThat(response.statusCode())
          .as("%s: %s", request, response.body())
          .isIn(400, 404, 413, 415);
      assertThat(ErrorsContract.error(response).path("message").asText()).isNotBlank();
    }
  }
}

package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.jakarta.rest.Traffic;
import dev.polylm.jakarta.server.CapturedLog;
import dev.polylm.jakarta.server.Client;
import dev.polylm.jakarta.server.RawClient;
import dev.polylm.jakarta.server.StandingRequest;
import jakarta.enterprise.inject.spi.CDI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may ask a server that has keys, and how often. */
abstract class AccessContract extends ServerContract {
  private static final String REFUSED = "The API key is not one of this server's keys.";

  @Override
  Map<String, String> config() {
    return Map.of(
        "polylm.server.api-keys", "first-key, second-key",
        "polylm.server.cors-origins", "https://app.example",
        "polylm.server.max-requests-per-key", "2");
  }

  private HttpResponse<String> models(String... headers) {
    HttpRequest.Builder request = client().request("v1/models");
    return client().send(headers.length == 0 ? request : request.headers(headers));
  }

  @Test
  void aKeyIsNeeded() {
    HttpResponse<String> none = models();
    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(ErrorsContract.error(none).path("message").asText())
        .isEqualTo("No API key was sent; expected the header Authorization: Bearer KEY.");
    assertThat(ErrorsContract.error(none).path("code").asText()).isEqualTo("invalid_api_key");
    for (String wrong :
        new String[] {"Bearer third-key", "Bearer ", "Basic first-key", "first-key"}) {
      HttpResponse<String> response = models("Authorization", wrong);
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(ErrorsContract.error(response).path("message").asText()).isEqualTo(REFUSED);
    }
    assertThat(models("Authorization", "Bearer first-key").statusCode()).isEqualTo(200);
    assertThat(models("Authorization", "bearer second-key").statusCode()).isEqualTo(200);
  }

  @Test
  void aWrongKeyIsFoundBeforeTheBodyIsRead() {
    HttpResponse<String> response =
        client().postBytes(ChatContract.CHAT, BodyPublishers.ofString("no json"));
    assertThat(response.statusCode()).isEqualTo(401);
  }

  @Test
  void pagesOfConfiguredOriginsMayAsk() {
    HttpResponse<String> preflight =
        client()
            .send(
                client()
                    .request(ChatContract.CHAT)
                    .headers(
                        "Origin", "https://app.example", "Access-Control-Request-Method", "POST")
                    .method("OPTIONS", BodyPublishers.noBody()));
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
        .contains("https://app.example");
    assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers"))
        .contains("Authorization, Content-Type");
    HttpResponse<String> ofClient =
        client()
            .send(
                client()
                    .request(ChatContract.CHAT)
                    .headers(
                        "Origin",
                        "https://app.example",
                        "Access-Control-Request-Method",
                        "POST",
                        "Access-Control-Request-Headers",
                        "authorization,content-type,x-stainless-os,x-stainless-retry-count")
                    .method("OPTIONS", BodyPublishers.noBody()));
    assertThat(ofClient.headers().firstValue("Access-Control-Allow-Headers"))
        .contains("authorization,content-type,x-stainless-os,x-stainless-retry-count");
    HttpResponse<String> other =
        client()
            .send(
                client()
                    .request(ChatContract.CHAT)
                    .headers(
                        "Origin", "https://evil.example", "Access-Control-Request-Method", "POST")
                    .method("OPTIONS", BodyPublishers.noBody()));
    assertThat(other.statusCode()).isEqualTo(403);
    assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    assertThat(
            models("Authorization", "Bearer first-key", "Origin", "https://app.example")
                .headers()
                .firstValue("Access-Control-Allow-Origin"))
        .contains("https://app.example");
  }

  @Test
  void aKeyMayHaveAFewRequestsUnderWay() {
    String slow =
        "{'prompt': 'a', 'max_tokens': 500, 'suppress_tokens': [2], 'n': 8, 'stream': true}"
            .replace('\'', '"');
    try (RawClient one = new RawClient(server().uri());
        RawClient two = new RawClient(server().uri())) {
      one.post("v1/completions", "first-key", slow);
      two.post("v1/completions", "first-key", slow);
      one.readLineWith("\"text\"");
      two.readLineWith("\"text\"");
      HttpResponse<String> third = ask("first-key");
      assertThat(third.statusCode()).isEqualTo(429);
      assertThat(third.headers().firstValue("Retry-After")).contains("1");
      assertThat(ErrorsContract.error(third).path("message").asText())
          .isEqualTo(
              "2 requests of this key are in progress, which is the limit: try again later.");
      assertThat(ErrorsContract.error(third).path("code").asText())
          .isEqualTo("rate_limit_exceeded");
      assertThat(ask("second-key").statusCode()).isEqualTo(200);
    }
  }

  /** The engine stands still until both callers' requests wait. */
  @Test
  void oneKeyDoesNotTakeAllRows() {
    PolyLm polyLm = CDI.current().select(PolyLm.class).get();
    Traffic traffic = CDI.current().select(Traffic.class).get();
    while (traffic.total() > 0) { // another test's, whose client has gone
      Thread.onSpinWait();
    }
    StandingRequest standing = new StandingRequest();
    try (CapturedLog log = new CapturedLog();
        RawClient one = new RawClient(server().uri());
        RawClient two = new RawClient(server().uri());
        RawClient other = new RawClient(server().uri())) {
      GenerationHandle running = polyLm.start(standing.request());
      standing.awaitBegun();
      String eight = "{\"prompt\": [5, 6], \"max_tokens\": 60, \"suppress_tokens\": [2], \"n\": 8}";
      one.post("v1/completions", "first-key", eight);
      two.post("v1/completions", "first-key", eight);
      awaitWaiting(polyLm, 16);
      other.post("v1/completions", "second-key", "{\"prompt\": [5, 6, 7], \"max_tokens\": 3}");
      awaitWaiting(polyLm, 17);
      standing.goOn();
      assertThat(running.result().text()).isNotNull();
      assertThat(other.readLineWith("HTTP/1.1")).startsWith("HTTP/1.1 200");
      assertThat(one.readLineWith("HTTP/1.1")).startsWith("HTTP/1.1 200");
      assertThat(two.readLineWith("HTTP/1.1")).startsWith("HTTP/1.1 200");
      List<String> ended =
          log.records().stream()
              .filter(record -> record.matches("(?s).*FINISHED: prompt of [23] .*"))
              .toList();
      assertThat(ended).isNotEmpty().first().asString().contains("prompt of 3 ");
    }
  }

  private static void awaitWaiting(PolyLm polyLm, int count) {
    while (polyLm.engineState().waiting() < count) {
      Thread.onSpinWait();
    }
  }

  private HttpResponse<String> ask(String key) {
    return client()
        .send(
            client()
                .request("v1/completions")
                .headers("Content-Type", "application/json", "Authorization", "Bearer " + key)
                .POST(BodyPublishers.ofString("{\"prompt\": \"a\", \"max_tokens\": 1}")));
  }

  @Override
  void awaitModel(Client client) {
    while (models("Authorization", "Bearer first-key").body().contains("is still opening")) {
      Thread.onSpinWait();
    }
  }
}

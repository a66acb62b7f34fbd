package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.jakarta.server.RawClient;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Who may ask a server that has no keys. */
abstract class LoopbackContract extends ServerContract {
  private static final String RULE =
      "No API keys are configured (polylm.server.api-keys), so the server answers only this machine";

  @Test
  void whatWasForwardedIsRefused() {
    HttpResponse<String> response =
        client().send(client().request("v1/models").header("X-Forwarded-For", "127.0.0.1"));
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(ErrorsContract.error(response).path("message").asText())
        .isEqualTo(RULE + ", but the request was forwarded (X-Forwarded-For).");
  }

  @Test
  void anotherHostNameIsRefused() {
    try (RawClient client = new RawClient(server().uri())) {
      client.send("GET /v1/models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
      assertThat(client.readLineWith("HTTP/1.1")).startsWith("HTTP/1.1 403");
      assertThat(client.readLineWith("error"))
          .contains(
              RULE + ", and the header Host must be a name of this machine, such as localhost.");
    }
  }

  @Test
  void pagesOfOtherOriginsAreNotLetIn() {
    HttpResponse<String> response =
        client().send(client().request("v1/models").header("Origin", "https://app.example"));
    assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }
}

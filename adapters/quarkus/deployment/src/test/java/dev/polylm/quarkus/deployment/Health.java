package dev.polylm.quarkus.deployment;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** What an application says of its health. */
final class Health {
  private Health() {}

  /** Returns the answer without white space. */
  static String of(URI check) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(check).build(), BodyHandlers.ofString(StandardCharsets.UTF_8))
        .body()
        .replaceAll("\\s", "");
  }
}

package dev.polylm.cli.hub;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks a hub. It follows redirects itself, because the token must not follow them to another host.
 * Thread-safe.
 */
final class HubClient {
  private static final int MOST_REDIRECTS = 10;
  private static final int MOST_JSON_BYTES = 64 << 20;
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final long LONGEST_WAIT_SECONDS = 120;

  private final HttpClient http =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();
  private final URI endpoint;
  private final @Nullable String token;

  HubClient(URI endpoint, @Nullable String token) {
    this.endpoint = endpoint;
    this.token = token;
  }

  /** The hub can't answer now; it may later. */
  static final class TryAgainException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long seconds;

    TryAgainException(String message, long seconds) {
      super(message);
      this.seconds = seconds;
    }

    /** Returns how long the hub wants to be left alone; 0 if it does not say. */
    long seconds() {
      return seconds;
    }
  }

  /** Returns the address of something at the hub. */
  URI address(String path) {
    String base = endpoint.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  /** Returns the answer's text. */
  String text(URI address, StallGuard guard) throws IOException, InterruptedException {
    try (InputStream body = guard.watched(open(address, 0).body())) {
      byte[] bytes = body.readNBytes(MOST_JSON_BYTES + 1);
      if (bytes.length > MOST_JSON_BYTES) {
        throw new PolyLmException(
            "%s: the answer has more than %s bytes".formatted(address, MOST_JSON_BYTES));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /**
   * Asks for a file from a byte on. Close the answer's body.
   *
   * @throws TryAgainException if the hub is busy
   * @throws PolyLmException if it refuses
   */
  HttpResponse<InputStream> open(URI address, long from) throws IOException, InterruptedException {
    URI next = address;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpResponse<InputStream> response =
          http.send(request(next, from), answer -> new ReceivedBody());
      int status = response.statusCode();
      if (status == 200 || status == 206) {
        return response;
      }
      response.body().close();
      if (status < 300 || status >= 400 || status == 304) {
        throw refused(address, response);
      }
      next = target(next, response);
    }
    throw new PolyLmException(
        "%s: redirects more than %s times".formatted(address, MOST_REDIRECTS));
  }

  private HttpRequest request(URI address, long from) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(ANSWER)
            .header("User-Agent", "polylm")
            .header("Accept-Encoding", "identity");
    if (from > 0) {
      request.header("Range", "bytes=%s-".formatted(from));
    }
    if (token != null && isHub(address)) {
      request.header("Authorization", "Bearer " + token);
    }
    return request.build();
  }

  private boolean isHub(URI address) {
    return endpoint.getScheme().equals(address.getScheme())
        && endpoint.getHost().equalsIgnoreCase(String.valueOf(address.getHost()))
        && endpoint.getPort() == address.getPort();
  }

  private static URI target(URI from, HttpResponse<InputStream> response) throws IOException {
    Optional<String> location = response.headers().firstValue("Location");
    try {
      URI target = from.resolve(location.orElse(""));
      boolean http = "http".equals(target.getScheme());
      if (location.isEmpty()
          || target.getHost() == null
          || !(http || "https".equals(target.getScheme()))
          || (http && "https".equals(from.getScheme()))) {
        throw new PolyLmException(
            "%s: redirects to \"%s\", expected an address as safe as its own"
                .formatted(from, location.orElse("")));
      }
      return target;
    } catch (IllegalArgumentException e) {
      throw new PolyLmException(
          "%s: redirects to \"%s\", which is no address".formatted(from, location.orElse("")), e);
    }
  }

  /** Says why the hub refused; throws what says that it may answer later. */
  private static PolyLmException refused(URI address, HttpResponse<InputStream> response)
      throws TryAgainException {
    int status = response.statusCode();
    if (status == 429 || status >= 500) {
      String seconds = response.headers().firstValue("Retry-After").orElse("");
      throw new TryAgainException(
          "the hub answers %s".formatted(status),
          seconds.matches("\\d{1,6}")
              ? Math.min(LONGEST_WAIT_SECONDS, Long.parseLong(seconds))
              : 0);
    }
    return new PolyLmException(
        switch (status) {
          case 401, 403 ->
              ("%s: the hub refuses access (%s); set HF_TOKEN to a token of an account that may"
                      + " read it, after accepting its terms on the hub")
                  .formatted(address, status);
          case 404 -> address + ": the hub has no such repository, revision or file";
          default -> "%s: the hub answers %s".formatted(address, status);
        });
  }
}

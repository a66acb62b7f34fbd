package dev.polylm.jakartachat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** A plain client of what the WAR serves. Thread-safe. */
final class Api {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI root;

  /**
   * A client of an application.
   *
   * @param root its folder, with a slash at its end
   */
  Api(URI root) {
    this.root = root;
  }

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(root.resolve(path)), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String json) {
    return post(path, json, BodyHandlers.ofString());
  }

  <T> HttpResponse<T> post(String path, String json, BodyHandler<T> handler) {
    return send(
        HttpRequest.newBuilder(root.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)),
        handler);
  }

  private static <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> handler) {
    try {
      return HTTP.send(request.timeout(Duration.ofMinutes(2)).build(), handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until the models are open. */
  void awaitModels() {
    while (get("v1/models").body().contains("is still opening")) {
      Thread.onSpinWait();
    }
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The data of a stream's events, in order. */
  static List<String> data(String body) {
    return body.lines()
        .filter(line -> line.startsWith("data:"))
        .map(line -> line.substring("data:".length()).strip())
        .toList();
  }
}

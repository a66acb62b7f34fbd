package dev.polylm.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A plain client of the API. */
final class Client {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI server;
  private final HttpClient http;

  Client(URI server, HttpClient.Version version) {
    this.server = server;
    this.http = HttpClient.newBuilder().version(version).build();
  }

  HttpResponse<String> get(String path) {
    return http.sendAsync(
            HttpRequest.newBuilder(server.resolve(path)).build(), BodyHandlers.ofString())
        .join();
  }

  HttpResponse<String> post(String path, String json) {
    return postLater(path, json).join();
  }

  CompletableFuture<HttpResponse<String>> postLater(String path, String json) {
    return http.sendAsync(
        HttpRequest.newBuilder(server.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build(),
        BodyHandlers.ofString());
  }

  /** The data of a stream's events, without the mark of the end. */
  static List<JsonNode> data(String body) {
    return body.lines()
        .filter(line -> line.startsWith("data:") && !line.endsWith("[DONE]"))
        .map(line -> json(line.substring("data:".length())))
        .toList();
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}

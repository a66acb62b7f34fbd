package dev.polylm.jakarta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.openai.Json;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;

/** Creates responses with a JSON body. */
public final class ApiResponses {
  private static final MediaType TEXT = MediaType.TEXT_PLAIN_TYPE.withCharset("utf-8");

  private ApiResponses() {}

  static Response ok(ObjectNode body) {
    return ok(Json.bytes(body));
  }

  /** Returns the response with a body of JSON. */
  static Response ok(byte[] body) {
    return of(Response.ok(), body);
  }

  /** Returns the response with a text. */
  static Response text(String text) {
    return of(Response.ok(), text.getBytes(StandardCharsets.UTF_8), TEXT);
  }

  /** Returns the response that reports an error. */
  public static Response error(ApiException e) {
    Response.ResponseBuilder response = Response.status(e.status());
    if (e.retryAfterSeconds() > 0) {
      response.header(HttpHeaders.RETRY_AFTER, e.retryAfterSeconds());
    }
    if (e.status() == 408) {
      response.header("Connection", "close"); // the rest of the body may never arrive
    }
    if (e.status() == 401) {
      response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
    return of(response, Json.bytes(e.toJson()));
  }

  /**
   * Returns the response if a resource does not exist, or does not accept the request's method or
   * media type.
   */
  public static Response notHere(Response.StatusType status) {
    String message =
        "%s; /v1/openapi.json lists the paths and their methods."
            .formatted(status.getReasonPhrase());
    return error(
        status.getStatusCode() == Response.Status.NOT_FOUND.getStatusCode()
            ? ApiException.unknownUrl(message)
            : ApiException.refused(status.getStatusCode(), message));
  }

  /** Bytes, so that no server chooses another encoding than UTF-8. */
  private static Response of(Response.ResponseBuilder response, byte[] body) {
    return of(response, body, MediaType.APPLICATION_JSON_TYPE);
  }

  private static Response of(Response.ResponseBuilder response, byte[] body, MediaType type) {
    return response
        .type(type)
        .header("X-Content-Type-Options", "nosniff")
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .entity(body)
        .build();
  }
}

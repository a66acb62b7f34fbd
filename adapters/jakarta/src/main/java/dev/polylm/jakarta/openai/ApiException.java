package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What a client is told instead of an answer, in OpenAI's form of errors. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String INVALID_REQUEST = "invalid_request_error";
  private static final String SERVER_ERROR = "server_error";
  private static final int RETRY_SECONDS = 1;

  private final int status;
  private final String type;
  private final @Nullable String param;
  private final @Nullable String code;
  private final boolean retryable;

  private ApiException(
      int status, String type, @Nullable String param, @Nullable String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
    this.retryable = status == 429 || status == 503;
  }

  /**
   * The request is wrong.
   *
   * @param param the field, null if it is no field's fault
   */
  public static ApiException badRequest(@Nullable String param, String message) {
    return new ApiException(400, INVALID_REQUEST, param, null, message);
  }

  /** The request is wrong in a way that HTTP has a status of its own for, such as 404 or 415. */
  public static ApiException refused(int status, String message) {
    return new ApiException(status, INVALID_REQUEST, null, null, message);
  }

  /** The API has no such path; its code tells this from a model that does not exist. */
  public static ApiException unknownUrl(String message) {
    return new ApiException(404, INVALID_REQUEST, null, "unknown_url", message);
  }

  /** A key is missing or wrong. */
  public static ApiException unauthorized(String message) {
    return new ApiException(401, INVALID_REQUEST, null, "invalid_api_key", message);
  }

  /** No model has this name. */
  public static ApiException modelNotFound(String id) {
    return new ApiException(
        404,
        INVALID_REQUEST,
        "model",
        "model_not_found",
        "The model `%s` does not exist; /v1/models lists those that do.".formatted(id));
  }

  /**
   * The prompt leaves no room for an answer.
   *
   * @param limit ids that fit
   */
  public static ApiException tooLong(String param, String limit, int promptTokens) {
    return new ApiException(
        400,
        INVALID_REQUEST,
        param,
        "context_length_exceeded",
        "%s However, your prompt has %d tokens; make it shorter.".formatted(limit, promptTokens));
  }

  /** The time was over before there was a first token. */
  public static ApiException timeout() {
    return new ApiException(
        408, "timeout", null, "timeout", "The time that a request may take was over.");
  }

  /** Too many requests are under way. */
  public static ApiException tooManyRequests(String message) {
    return new ApiException(429, "requests", null, "rate_limit_exceeded", message);
  }

  /** The model is not open yet, or no longer. */
  public static ApiException unavailable(String message) {
    return new ApiException(503, SERVER_ERROR, null, null, message);
  }

  /** Something failed that is not the client's fault. */
  public static ApiException internal() {
    return new ApiException(500, SERVER_ERROR, null, null, "The server failed; its log says why.");
  }

  public int status() {
    return status;
  }

  /** Seconds after which the same request may be taken, 0 if waiting is no help. */
  public int retryAfterSeconds() {
    return retryable ? RETRY_SECONDS : 0;
  }

  /** The body of the answer. */
  public ObjectNode toJson() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", getMessage())
        .put("type", type)
        .put("param", param)
        .put("code", code);
    return body;
  }
}

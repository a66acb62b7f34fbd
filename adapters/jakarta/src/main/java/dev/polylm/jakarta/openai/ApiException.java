package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** An error for a client, in OpenAI's form. */
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
   * Returns the error of a wrong request.
   *
   * @param param the field, or null if no single field is wrong
   */
  public static ApiException badRequest(@Nullable String param, String message) {
    return new ApiException(400, INVALID_REQUEST, param, null, message);
  }

  /**
   * Returns the error of a request that is wrong in a way that has an HTTP status of its own, such
   * as 404 or 415.
   */
  public static ApiException refused(int status, String message) {
    return new ApiException(status, INVALID_REQUEST, null, null, message);
  }

  /** Returns the error of an unknown path. Its code differs from the one for an unknown model. */
  public static ApiException unknownUrl(String message) {
    return new ApiException(404, INVALID_REQUEST, null, "unknown_url", message);
  }

  /** Returns the error of a missing or wrong key. */
  public static ApiException unauthorized(String message) {
    return new ApiException(401, INVALID_REQUEST, null, "invalid_api_key", message);
  }

  /** Returns the error of an unknown model name. */
  public static ApiException modelNotFound(String id) {
    return new ApiException(
        404,
        INVALID_REQUEST,
        "model",
        "model_not_found",
        "The model `%s` does not exist; /v1/models lists those that do.".formatted(id));
  }

  /**
   * Returns the error of a prompt that leaves no room for an answer.
   *
   * @param limit how many ids fit
   */
  public static ApiException tooLong(String param, String limit, int promptTokens) {
    return tooLong(
        param,
        "%s However, your prompt has %s tokens; make it shorter.".formatted(limit, promptTokens));
  }

  /** Returns the error of a prompt that is too long for the model. */
  public static ApiException tooLong(String param, String message) {
    return new ApiException(400, INVALID_REQUEST, param, "context_length_exceeded", message);
  }

  /** Returns the error of a time limit that was over before the first token. */
  public static ApiException timeout() {
    return new ApiException(
        408, "timeout", null, "timeout", "The request took longer than the server allows.");
  }

  /** Returns the error of too many requests in progress. */
  public static ApiException tooManyRequests(String message) {
    return new ApiException(429, "requests", null, "rate_limit_exceeded", message);
  }

  /** Returns the error of a model that is not open yet, or no longer. */
  public static ApiException unavailable(String message) {
    return new ApiException(503, SERVER_ERROR, null, null, message);
  }

  /** Returns the error of a failure that is not the client's fault. */
  public static ApiException internal() {
    return new ApiException(500, SERVER_ERROR, null, null, "The server failed; its log says why.");
  }

  public int status() {
    return status;
  }

  /**
   * Returns the seconds after which the client may repeat the request; 0 if waiting does not help.
   */
  public int retryAfterSeconds() {
    return retryable ? RETRY_SECONDS : 0;
  }

  /** Returns the body of the response. */
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

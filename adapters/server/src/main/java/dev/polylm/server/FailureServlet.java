package dev.polylm.server;

import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.openai.Json;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Answers where RESTEasy or the servlet container would do so in words of their own, in the form of
 * the API's other errors.
 */
public final class FailureServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  static final String PATH = "/failure";

  private static final String MESSAGE =
      "The path or a header can't be read: a path must be UTF-8, and Accept, Accept-Language and"
          + " Content-Type must have the form that HTTP gives them.";

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ApiException error = error(request, response);
    response.setStatus(error.status());
    response.setContentType("application/json");
    response.getOutputStream().write(Json.bytes(error.toJson()));
  }

  private static ApiException error(HttpServletRequest request, HttpServletResponse response) {
    if (request.getDispatcherType() != DispatcherType.ERROR) { // its path was asked for
      return ApiException.unknownUrl("Not Found.");
    }
    return response.getStatus() == 400
        ? ApiException.badRequest(null, MESSAGE)
        : ApiException.internal();
  }
}

package dev.polylm.server;

import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.openai.Json;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Refuses requests that RESTEasy can't read, in the form of the API's other errors. */
public final class UnreadableServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  static final String PATH = "/unreadable";

  private static final String MESSAGE =
      "The path or a header can't be read: a path must be UTF-8, and Accept, Accept-Language and"
          + " Content-Type must have the form that HTTP gives them.";

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ApiException error = ApiException.badRequest(null, MESSAGE);
    response.setStatus(error.status());
    response.setContentType("application/json");
    response.getOutputStream().write(Json.bytes(error.toJson()));
  }
}

package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.openai.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets in this machine's own requests if no keys are set.
 *
 * <p>A proxy on this machine may speak for other machines, so forwarded requests are refused.
 * Someone may make the name of a web page point to this machine; the page then sends that name as
 * Host. So only this machine's own names are accepted.
 */
final class Loopback {
  private static final String RULE =
      "No API keys are configured (polylm.server.api-keys), so the server answers only this machine";
  private static final List<String> FORWARDED =
      List.of("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via");
  private static final Pattern ADDRESS =
      Pattern.compile(
          "127\\.\\d+\\.\\d+\\.\\d+|::1|0:0:0:0:0:0:0:1|::ffff:127\\.\\d+\\.\\d+\\.\\d+");
  private static final Pattern HOST =
      Pattern.compile("(?i)(localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\])(:\\d+)?");

  private Loopback() {}

  /**
   * Checks that a request comes from this machine.
   *
   * @throws ApiException if it does not, or may not
   */
  static void check(HttpServletRequest request) {
    String address = withoutBrackets(request.getRemoteAddr());
    if (!ADDRESS.matcher(address).matches()) {
      throw ApiException.refused(403, RULE + ".");
    }
    for (String header : FORWARDED) {
      if (request.getHeader(header) != null) {
        throw ApiException.refused(
            403, "%s, but the request was forwarded (%s).".formatted(RULE, header));
      }
    }
    String host = request.getHeader("Host");
    if (host == null || !HOST.matcher(host).matches()) {
      throw ApiException.refused(
          403, RULE + ", and the header Host must be a name of this machine, such as localhost.");
    }
  }

  private static String withoutBrackets(@Nullable String address) {
    return address == null ? "" : address.replaceAll("^\\[|\\]$|%.*$", "");
  }
}

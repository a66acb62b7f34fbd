package dev.polylm.jakartachat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Odd spellings of a path, and requests for them that no client has tidied. */
final class PathSpellings {
  private static final String BODY =
      """
      {"prompt": "a", "max_tokens": 1, "messages": [{"role": "user", "content": "a"}]}\
      """;

  private PathSpellings() {}

  /** Spellings of a path without a slash at its beginning; each has one. */
  static List<String> of(String path) {
    List<String> spellings = new ArrayList<>();
    String[] segments = path.split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      for (String form :
          List.of("%s;x", "%s;x=1", "%s;", "%s%%3Bx", ";x%s", "./%s", "y/../%s", "/%s", "%%2f%s")) {
        spellings.add(changed(segments, i, form.formatted(segment)));
      }
      spellings.add(changed(segments, i, segment.toUpperCase(Locale.ROOT)));
      spellings.add(
          changed(
              segments, i, "%%%02x%s".formatted((int) segment.charAt(0), segment.substring(1))));
    }
    for (String end : List.of("/", "//", "/.", "%2f", ";x=%2f")) {
      spellings.add("/" + path + end);
    }
    spellings.add("/;x/" + path);
    return spellings;
  }

  private static String changed(String[] segments, int i, String segment) {
    String[] changed = segments.clone();
    changed[i] = segment;
    return "/" + String.join("/", changed);
  }

  /** Returns head and body of the answer to a request to a host of that name. */
  static String ask(URI server, String host, String method, String path) {
    String body = method.equals("POST") ? BODY : "";
    String request =
        "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n".formatted(method, path, host)
            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(body.length(), body);
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

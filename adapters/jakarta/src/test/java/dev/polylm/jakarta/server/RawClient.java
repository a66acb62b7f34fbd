package dev.polylm.jakarta.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client that can go away in the middle of an answer. */
public final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final BufferedReader reader;

  public RawClient(URI server) {
    try {
      socket = new Socket(server.getHost(), server.getPort());
      reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void send(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void post(String path, String key, String json) {
    send(
        "POST /%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n".formatted(path, key)
            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(json.getBytes(StandardCharsets.UTF_8).length, json));
  }

  /** Reads up to a line that holds a text, and returns it. */
  public String readLineWith(String text) {
    try {
      String line = reader.readLine();
      while (line != null && !line.contains(text)) {
        line = reader.readLine();
      }
      return String.valueOf(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads up to a text, which need not end a line, and returns what it read. */
  public String readThrough(String text) {
    StringBuilder read = new StringBuilder();
    try {
      for (int next = reader.read(); next >= 0; next = reader.read()) {
        read.append((char) next);
        if (read.indexOf(text) >= 0) {
          break;
        }
      }
      return read.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether something was sent. */
  public boolean hasAnswer() {
    try {
      return reader.ready();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads all that is sent until the server closes. */
  public String readAll() {
    StringBuilder text = new StringBuilder();
    try {
      for (int next = reader.read(); next >= 0; next = reader.read()) {
        text.append((char) next);
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.polylm.jakartachat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, which ends with the test whatever happens. */
final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final Thread killer;
  private final BufferedReader output;

  ServerProcess(Path folder, List<String> command) {
    try {
      process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    killer = new Thread(this::kill);
    Runtime.getRuntime().addShutdownHook(killer);
    output = process.inputReader(StandardCharsets.UTF_8);
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what the server says up to a line that holds a text. */
  void awaitLine(String text) {
    StringBuilder all = new StringBuilder();
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        all.append(line).append('\n');
        if (line.contains(text)) {
          return;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("the server ended before it said \"" + text + "\":\n" + all);
  }

  /** Goes on reading, so that the server never waits for its output. */
  void drain() {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (output.readLine() != null) {}
              } catch (IOException e) {
                // The process has ended.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
    }
    Runtime.getRuntime().removeShutdownHook(killer);
  }
}

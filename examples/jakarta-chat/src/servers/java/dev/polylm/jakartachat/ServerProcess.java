package dev.polylm.jakartachat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A server in a process of its own, which ends with the test whatever happens. */
final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final Thread killer;
  private final BlockingQueue<Optional<String>> output = new LinkedBlockingQueue<>(); // empty: end
  private final BufferedWriter input;

  ServerProcess(Path folder, List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    try {
      process = builder.redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    killer = new Thread(this::kill);
    Runtime.getRuntime().addShutdownHook(killer);
    input = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read); // always, so that the server never waits for it
    reader.setDaemon(true);
    reader.start();
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(line -> output.add(Optional.of(line)));
    } catch (IOException | UncheckedIOException e) {
      // The process has ended.
    }
    output.add(Optional.empty());
  }

  /** The process that runs Java, be it this one or what its script has started. */
  ProcessHandle java() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants())
        .filter(handle -> handle.info().command().orElse("").endsWith("/java"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the server has no process of Java"));
  }

  /** Types a line. */
  void type(String line) {
    try {
      input.write(line);
      input.newLine();
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the server says a line, and returns it. */
  String awaitLine(Predicate<String> wanted) {
    StringBuilder all = new StringBuilder();
    try {
      for (Optional<String> line = next(); line.isPresent(); line = next()) {
        all.append(line.get()).append('\n');
        if (wanted.test(line.get())) {
          return line.get();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("the server did not say what was awaited:\n" + all);
  }

  private Optional<String> next() throws InterruptedException {
    Optional<String> line = output.poll(2, TimeUnit.MINUTES);
    return line == null ? Optional.empty() : line;
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

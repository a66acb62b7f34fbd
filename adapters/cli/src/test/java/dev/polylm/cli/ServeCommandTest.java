package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process of its own. */
class ServeCommandTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder;

  /** A server that has said where it is. */
  private record Served(Process process, BufferedReader err, URI root) implements AutoCloseable {
    static Served start(String... args) throws IOException {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Duser.language=ar", // whose digits are no part of an address
                  "-cp",
                  System.getProperty("java.class.path"),
                  Main.class.getName(),
                  "serve",
                  "--port",
                  "0"));
      command.addAll(List.of(args));
      Process process =
          new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
      BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
      String line = err.readLine();
      while (line != null && !line.startsWith("  API    ")) {
        line = err.readLine();
      }
      assertThat(line).isNotNull();
      return new Served(process, err, URI.create(line.substring("  API    ".length()) + "/"));
    }

    HttpRequest.Builder request(String path) {
      return HttpRequest.newBuilder(root.resolve(path));
    }

    /** Sends SIGTERM. Process.destroy would also close the streams. */
    void terminate() {
      assertThat(process.toHandle().destroy()).isTrue();
    }

    String restOfErr() throws IOException {
      return String.join("\n", err.lines().toList());
    }

    int exitValue() throws InterruptedException {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  void servesItsModelsToThoseWhoHaveAKey() throws Exception {
    Path keys = Files.writeString(folder.resolve("keys"), "\uFEFFsecret\r\n"); // as Windows has it
    Path config =
        Files.writeString(folder.resolve("config"), "\uFEFFpolylm.server.max-tokens=7\r\n");
    Path model = ExportCommandTest.export(folder);
    try (Served served =
        Served.start(
            "--model",
            "first.of=" + model,
            "--model",
            "second=" + model,
            "--api-key-file",
            keys.toString(),
            "--config",
            config.toString(),
            "--set",
            "max-rows=3",
            "--host",
            "0.0.0.0")) {
      URI root = URI.create("http://127.0.0.1:%d/v1/".formatted(served.root().getPort()));
      HttpRequest.Builder models = HttpRequest.newBuilder(root.resolve("models"));
      assertThat(HTTP.send(models.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
      HttpResponse<String> response =
          HTTP.send(
              models.header("Authorization", "Bearer secret").build(), BodyHandlers.ofString());
      assertThat(response.body()).containsSubsequence("\"first.of\"", "\"second\"");
      served.terminate();
      assertThat(served.restOfErr())
          .contains("keys   1")
          .contains("7 new tokens")
          .contains("3 rows a step")
          .doesNotContain("INFO");
      assertThat(served.exitValue()).isZero();
    }
  }

  @Test
  void endsOnceItsAnswersHaveEnded() throws Exception {
    try (Served served = Served.start()) {
      CompletableFuture<HttpResponse<Stream<String>>> answer =
          HTTP.sendAsync(
              served
                  .request("completions")
                  .header("Content-Type", "application/json")
                  .POST(
                      BodyPublishers.ofString(
                          "{\"prompt\":\"a\",\"max_tokens\":40,\"suppress_tokens\":[2],\"stream\":true}"))
                  .build(),
              BodyHandlers.ofLines());
      var lines = answer.join().body().iterator();
      assertThat(lines.next()).isNotNull(); // the answer has begun
      served.terminate();
      String last = "";
      while (lines.hasNext()) {
        String line = lines.next();
        last = line.isEmpty() ? last : line;
      }
      assertThat(last).isEqualTo("data: [DONE]");
      assertThat(served.exitValue()).isZero();
    }
  }

  @Test
  void aSecondSignalEndsItAtOnce() throws Exception {
    try (Served served =
        Served.start("--drain-seconds", "600", "--set", "server.max-tokens=9999")) {
      CompletableFuture<HttpResponse<Stream<String>>> answer =
          HTTP.sendAsync(
              served
                  .request("completions")
                  .header("Content-Type", "application/json")
                  .POST(
                      BodyPublishers.ofString(
                          "{\"prompt\":\"a\",\"n\":8,\"max_tokens\":500,\"suppress_tokens\":[2],\"stream\":true}"))
                  .build(),
              BodyHandlers.ofLines());
      assertThat(answer.join().statusCode()).isEqualTo(200);
      served.terminate();
      String line = served.err().readLine();
      while (!line.startsWith("Stopping")) {
        line = served.err().readLine();
      }
      served.terminate();
      assertThat(served.exitValue()).isEqualTo(1);
    }
  }

  @Test
  void anAddressThatOthersReachNeedsKeys() {
    Run run = Run.of("serve", "--host", "0.0.0.0");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("polylm: other machines can reach 0.0.0.0, so the server needs keys");
  }

  @Test
  void aFileWithoutKeysIsASentence() throws Exception {
    Path keys = Files.writeString(folder.resolve("keys"), "\n");
    assertThat(Run.of("serve", "--api-key-file", keys.toString()).err())
        .isEqualTo(
            "polylm: %s: has no key, expected a key on each line, without commas\n"
                .formatted(keys));
  }
}

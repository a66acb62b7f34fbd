package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server as a process of its own. */
class ServeCommandTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder;

  /** A server that has said where it is. */
  record Served(Process process, BufferedReader err, URI root) implements AutoCloseable {
    static Served start(Map<String, String> environment, String... args) throws IOException {
      List<String> command = ProcessTest.command("serve", "--port", "0");
      command.add(1, "-Duser.language=ar"); // whose digits are no part of an address
      command.addAll(List.of(args));
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
      builder.environment().putAll(environment);
      Process process = builder.start();
      BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
      StringBuilder said = new StringBuilder();
      String line = err.readLine();
      while (line != null && !line.startsWith("  API    ")) {
        said.append(line).append('\n');
        line = err.readLine();
      }
      assertThat(line).as(said.toString()).isNotNull();
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
            Map.of(ModelHome.VARIABLE, folder.toString()),
            "--model",
            "first.of=" + model,
            "--model",
            "second=" + model.getFileName(),
            "--device",
            "cpu",
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
    try (Served served = Served.start(Map.of())) {
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
        Served.start(Map.of(), "--drain-seconds", "600", "--set", "server.max-tokens=9999")) {
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
  void autoSaysForEachModelWhyItRunsOnTheCpu() throws Exception {
    Path model = ExportCommandTest.export(folder);
    try (Served served =
        Served.start(
            Map.of(), "--model", "a=" + model, "--model", "b=" + model, "--device", "auto")) {
      served.terminate();
      assertThat(served.restOfErr().lines().filter(line -> line.startsWith("Warning: ")))
          .hasSize(2)
          .allMatch(line -> line.contains(" runs on the CPU: device is cuda:0, but this ONNX"))
          .anyMatch(line -> line.startsWith("Warning: a runs"))
          .anyMatch(line -> line.startsWith("Warning: b runs"));
    }
  }

  @Test
  void anAddressThatOthersReachNeedsKeys() {
    Run run = Run.of("serve", "--host", "0.0.0.0");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("polylm: other machines can reach 0.0.0.0, so the server needs keys");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port=70000 | --port is 70000, must be 0 to 65535",
        "--drain-seconds=-1 | --drain-seconds is -1, must be at least 0",
        "--set=max-row=3 | polylm.max-row is unknown, expected keys under polylm. to be of: .*",
        "--device=gpu | device is .*gpu.*",
        "--model=a=b --model=c | --model c has no name, expected NAME=MODEL where there are .*"
      })
  void wrongSettingsAreUsageErrors(String options, String error) {
    Run run = Run.of(("serve " + options).split(" "));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).matches("polylm: " + error + "\nTry 'polylm serve --help'.\n");
  }

  @Test
  void aModelThatIsNoneIsAnErrorOfItsOwn() {
    Run run = Run.of("serve", "--port=0", "--model=no/such");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo(
            """
            polylm: the model without a name can't be used: no/such: is not a folder; expected an \
            exported model; a relative path is one in the working folder, here %s
            Name a folder that polylm export wrote, or a model in %s; 'polylm models' lists them.
            """
                .formatted(Path.of("no/such").toAbsolutePath(), ModelHome.of(Map.of()).folder()));
  }

  @Test
  void aModelThatIsNoneHasTheNameThatItWasGiven() {
    Run run = Run.of("serve", "--port=0", "--model=mine=no/such");
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).startsWith("polylm: the model mine can't be used: no/such: is not a");
  }

  @Test
  void servesTheEmbeddedModelByItsName() throws Exception {
    try (Served served = Served.start(Map.of(), "--model", "mine=polylm-tiny")) {
      assertThat(HTTP.send(served.request("models").build(), BodyHandlers.ofString()).body())
          .contains("\"id\":\"mine\"");
    }
  }

  @Test
  void aDeviceThatIsNoneIsNotTheModelsFault() {
    Run run = Run.of("serve", "--port=0", "--device=cuda");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("polylm: the model without a name can't be used: device is cuda:0, but")
        .hasLineCount(1);
  }

  @Test
  void anAddressThatIsTakenIsASentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Run run = Run.of("serve", "--port=" + taken.getLocalPort());
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err())
          .startsWith(
              "polylm: the server can't listen on 127.0.0.1, port %d: "
                  .formatted(taken.getLocalPort()));
    }
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

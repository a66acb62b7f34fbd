package dev.polylm.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLm;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that are no Java: OpenAI's and Vercel's for Node, and curl. */
final class OtherClientsIT {
  private static final String ANSWER = "北京是中国的首都。";
  private static final Path SCRIPTS = Path.of(System.getProperty("clients"));
  private static final Path FOLDER = Path.of(System.getProperty("target"), "clients");

  private static PolyLmServer server;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Files.createDirectories(FOLDER);
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      for (Path file : files.toList()) {
        Files.write(FOLDER.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    server = PolyLmServer.start("127.0.0.1", 0, Map.of());
    server.awaitModels();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(FOLDER.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    return out;
  }

  @Test
  void clientsForNodeGetWhatTheSdkGives() throws IOException, InterruptedException {
    JsonNode seen = Client.json(run("node", "clients.mjs", server.uri().toString()));
    for (String field : List.of("chat", "chatStream", "completion", "response", "responseStream")) {
      assertThat(seen.path("openai").path(field).asText()).as(field).isEqualTo(ANSWER);
    }
    for (String object : List.of("/openai/parsed", "/vercel/object")) {
      assertThat(seen.at(object).path("city").asText()).as(object).isIn("Peking", "Rom");
      assertThat(seen.at(object).path("capital").isBoolean()).as(object).isTrue();
    }
    for (String run : List.of("/openai/tool", "/openai/toolInStream")) {
      assertThat(seen.at(run).path("asked")).as(run).hasSize(1);
      assertThat(seen.at(run).at("/asked/0").asText()).as(run).isIn("Peking", "Rom");
      assertThat(seen.at(run).path("result").asText()).as(run).isEqualTo("sunny");
    }
    assertThat(seen.at("/openai/unknown").asText()).isEqualTo("404 model_not_found");
    assertThat(seen.at("/vercel/chat").asText()).isEqualTo(ANSWER);
    assertThat(seen.at("/vercel/chatStream").asText()).isEqualTo(ANSWER);
    assertThat(seen.at("/vercel/tokens").asInt()).isPositive();
    float[] expected = CDI.current().select(PolyLm.class).get().embed("Monday");
    for (String client : List.of("openai", "vercel")) {
      JsonNode embedding = seen.path(client).path("embedding");
      assertThat(embedding).as(client).hasSize(expected.length);
      for (int i = 0; i < expected.length; i++) {
        assertThat(embedding.get(i).floatValue()).isCloseTo(expected[i], within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"--http1.1, 1.1", "--http2, 2", "--http2-prior-knowledge, 2"})
  void curlGetsAStream(String option, String version) throws IOException, InterruptedException {
    String out =
        run(
            "curl",
            "--silent",
            "--no-buffer",
            option,
            "--write-out",
            "\n%{http_version}",
            "--header",
            "Content-Type: application/json",
            "--data",
            "{\"prompt\": \"Monday\", \"max_tokens\": 4, \"stream\": true}",
            server.uri() + "v1/completions");
    assertThat(out).endsWith("\n" + version).contains("data: [DONE]");
    assertThat(Client.data(out.substring(0, out.lastIndexOf('\n')))).hasSizeGreaterThan(2);
  }
}

package dev.polylm.jakartachat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The WAR on WildFly. */
final class WildFlyIT {
  private static final Path HOME = Path.of(System.getProperty("wildfly"));
  private static final Path DEPLOYMENTS = HOME.resolve("standalone/deployments");
  private static final String WAR = "jakarta-chat.war";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final int PORT = ServerProcess.freePort();
  private static final int MANAGEMENT_PORT = ServerProcess.freePort();
  private static final URI ROOT = URI.create("http://127.0.0.1:" + PORT + "/jakarta-chat/");
  private static final String CHAT =
      """
      {"messages": [{"role": "user", "content":
        "Beijing is the capital of China.\\nTranslate this sentence from English to Chinese."}]""";

  private static ServerProcess server;

  @BeforeAll
  static void start() throws IOException {
    for (String marker : List.of("", ".deployed", ".undeployed", ".failed", ".dodeploy")) {
      Files.deleteIfExists(DEPLOYMENTS.resolve(WAR + marker)); // of a run before
    }
    Files.copy(Path.of(System.getProperty("war")), DEPLOYMENTS.resolve(WAR));
    Files.createFile(DEPLOYMENTS.resolve(WAR + ".dodeploy"));
    server =
        new ServerProcess(
            HOME,
            List.of(
                "bin/standalone.sh",
                "-c",
                "standalone-microprofile.xml",
                "-Djboss.http.port=" + PORT,
                "-Djboss.management.http.port=" + MANAGEMENT_PORT,
                "-Djboss.https.port=" + ServerProcess.freePort()));
    server.awaitLine("WFLYSRV0025");
    server.drain();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> chat(String more) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(ROOT.resolve("v1/chat/completions"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(CHAT + more + "}"))
            .build(),
        BodyHandlers.ofString());
  }

  @Test
  void chatsStreamsAndIsHealthyUntilItIsUndeployedAndAgainAfterwards() throws Exception {
    URI health = URI.create("http://127.0.0.1:" + MANAGEMENT_PORT + "/health/ready");
    for (int deployment = 0; deployment < 2; deployment++) {
      String text = URLEncoder.encode("Paris is the capital of France.", StandardCharsets.UTF_8);
      assertThat(get(ROOT.resolve("translations?to=de&text=" + text)).body())
          .isEqualTo("Paris ist die Hauptstadt von Frankreich.");
      HttpResponse<String> whole = chat("");
      assertThat(whole.statusCode()).as(whole.body()).isEqualTo(200);
      assertThat(whole.body()).contains("\"content\":\"北京是中国的首都。\"");
      HttpResponse<String> stream = chat(", \"stream\": true");
      assertThat(stream.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      assertThat(stream.body()).contains("\"content\":\"北\"").contains("data: [DONE]");
      assertThat(chat(", \"temperature\": 5").statusCode()).isEqualTo(400);
      assertThat(get(ROOT.resolve("chat")).body()).contains("<title>PolyLM</title>");
      assertThat(get(health).body()).contains("polylm-readiness").contains("open");
      undeploy();
      assertThat(get(ROOT.resolve("v1/models")).statusCode()).isEqualTo(404);
      deploy();
    }
  }

  private static void undeploy() throws IOException {
    Files.delete(DEPLOYMENTS.resolve(WAR + ".deployed"));
    await(DEPLOYMENTS.resolve(WAR + ".undeployed"));
  }

  private static void deploy() throws IOException {
    Files.createFile(DEPLOYMENTS.resolve(WAR + ".dodeploy"));
    await(DEPLOYMENTS.resolve(WAR + ".deployed"));
  }

  private static void await(Path marker) {
    while (!Files.exists(marker)) {
      assertThat(DEPLOYMENTS.resolve(WAR + ".failed")).doesNotExist();
      Thread.onSpinWait();
    }
  }
}

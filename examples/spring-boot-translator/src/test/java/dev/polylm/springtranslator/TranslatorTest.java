package dev.polylm.springtranslator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** The service, asked over HTTP as the README does. */
final class TranslatorTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String BEIJING = "Beijing is the capital of China.";

  private static ConfigurableApplicationContext context;

  @BeforeAll
  static void start() {
    context = SpringApplication.run(TranslatorApplication.class, "--server.port=0");
  }

  @AfterAll
  static void end() {
    context.close();
  }

  private static HttpRequest.Builder to(String path) {
    int port = ((WebServerApplicationContext) context).getWebServer().getPort();
    return HttpRequest.newBuilder(URI.create("http://localhost:%d%s".formatted(port, path)));
  }

  private static HttpRequest translate(String text, String to, String accept) {
    return to("/translations")
        .header("Content-Type", "application/json")
        .header("Accept", accept)
        .POST(
            BodyPublishers.ofString(
                "{\"text\": \"%s\", \"from\": \"English\", \"to\": \"%s\"}".formatted(text, to)))
        .build();
  }

  @Test
  void streams() throws Exception {
    HttpResponse<InputStream> response =
        CLIENT.send(
            translate("Rome is the capital of Italy.", "German", "text/plain"),
            BodyHandlers.ofInputStream());
    assertThat(response.headers().firstValue("Transfer-Encoding")).contains("chunked");
    try (Reader body = new InputStreamReader(response.body(), StandardCharsets.UTF_8)) {
      StringBuilder text = new StringBuilder();
      for (int c = body.read(); c >= 0; c = body.read()) {
        text.append((char) c);
      }
      assertThat(text).hasToString("Rom ist die Hauptstadt von Italien.");
    }
  }

  @Test
  void streamsWhatIsNotAscii() throws Exception {
    assertThat(
            CLIENT
                .send(translate(BEIJING, "Chinese", "text/plain"), BodyHandlers.ofString())
                .body())
        .isEqualTo("北京是中国的首都。");
  }

  @Test
  void answersInJson() throws Exception {
    HttpResponse<String> response =
        CLIENT.send(translate(BEIJING, "Chinese", "application/json"), BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    Map<?, ?> json = JsonMapper.shared().readValue(response.body(), Map.class);
    assertThat(json.keySet()).isEqualTo(Set.of("translation"));
    assertThat(json.get("translation")).isInstanceOf(String.class);
  }

  @Test
  void reportsHealthAndMetrics() throws Exception {
    CLIENT.send(translate(BEIJING, "Chinese", "text/plain"), BodyHandlers.ofString());
    assertThat(CLIENT.send(to("/actuator/health").build(), BodyHandlers.ofString()).body())
        .contains("\"polylm\":{\"details\":{\"model\":\"open\"},\"status\":\"UP\"}");
    for (String meter : new String[] {"polylm.requests", "gen_ai.client.operation"}) {
      assertThat(CLIENT.send(to("/actuator/metrics/" + meter).build(), BodyHandlers.ofString()))
          .extracting(HttpResponse::statusCode)
          .isEqualTo(200);
    }
  }
}

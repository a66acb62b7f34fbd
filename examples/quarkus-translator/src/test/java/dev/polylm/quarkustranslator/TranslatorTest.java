package dev.polylm.quarkustranslator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The service, asked over HTTP as the README does. */
@QuarkusTest
class TranslatorTest {
  /** HTTP/1.1 says that a body is streamed. */
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TestHTTPResource("/")
  URI home;

  private HttpResponse<String> translate(String text, String to, String accept) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(home.resolve("/translations"))
            .header("Content-Type", "application/json")
            .header("Accept", accept)
            .POST(
                BodyPublishers.ofString(
                    "{\"text\": \"%s\", \"from\": \"English\", \"to\": \"%s\"}"
                        .formatted(text, to)))
            .build();
    return CLIENT.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  @Test
  void streams() throws Exception {
    HttpResponse<String> response =
        translate("Rome is the capital of Italy.", "German", "text/plain");
    assertThat(response.headers().firstValue("Transfer-Encoding")).contains("chunked");
    assertThat(response.body()).isEqualTo("Rom ist die Hauptstadt von Italien.");
    assertThat(translate("Beijing is the capital of China.", "Chinese", "text/plain").body())
        .isEqualTo("北京是中国的首都。");
  }

  @Test
  void answersInJson() throws Exception {
    HttpResponse<String> response =
        translate("Beijing is the capital of China.", "Chinese", "application/json");
    assertThat(response.statusCode()).isEqualTo(200);
    Map<?, ?> json = new ObjectMapper().readValue(response.body(), Map.class);
    assertThat(json.keySet()).isEqualTo(Set.of("translation"));
    assertThat(json.get("translation")).isInstanceOf(String.class);
  }

  @Test
  void isReady() throws Exception {
    HttpRequest request = HttpRequest.newBuilder(home.resolve("/q/health/ready")).build();
    assertThat(CLIENT.send(request, BodyHandlers.ofString()).body().replaceAll("\\s", ""))
        .contains("{\"name\":\"polylm\",\"status\":\"UP\",\"data\":{\"model\":\"open\"}}");
  }
}

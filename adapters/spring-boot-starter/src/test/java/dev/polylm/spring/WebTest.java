package dev.polylm.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** An application with a web server and the actuator, asked over HTTP. */
final class WebTest {
  private static ConfigurableApplicationContext context;

  @SpringBootApplication
  @RestController
  static class Application {
    private final ChatModel chatModel;

    Application(ChatModel chatModel) {
      this.chatModel = chatModel;
    }

    @PostMapping("/chat")
    String chat(@RequestBody String text) {
      return chatModel.chat(text);
    }
  }

  @BeforeAll
  static void start() {
    context =
        SpringApplication.run(
            Application.class,
            "--server.port=0",
            "--management.endpoint.health.show-details=always",
            "--management.endpoints.web.exposure.include=health,metrics");
  }

  @AfterAll
  static void end() {
    context.close();
  }

  private static String send(HttpRequest.Builder request, String path) throws Exception {
    int port = ((WebServerApplicationContext) context).getWebServer().getPort();
    HttpRequest sent =
        request.uri(URI.create("http://localhost:%d%s".formatted(port, path))).build();
    return HttpClient.newHttpClient().send(sent, BodyHandlers.ofString()).body();
  }

  @Test
  void answersAndReports() throws Exception {
    HttpRequest.Builder post =
        HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString(TestModel.CARD));
    assertThat(send(post, "/chat")).isEqualTo(TestModel.ANSWER);
    assertThat(send(HttpRequest.newBuilder(), "/actuator/health"))
        .contains("\"polylm\":{\"details\":{\"model\":\"open\"},\"status\":\"UP\"}");
    assertThat(send(HttpRequest.newBuilder(), "/actuator/metrics/polylm.requests"))
        .contains("\"value\":1.0")
        .contains("polylm-tiny");
  }
}

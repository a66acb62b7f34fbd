package dev.polylm.jakartachat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;

/** What the WAR does on any server. */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
abstract class WarContract {
  private static final String CHAT =
      """
      {"messages": [{"role": "user", "content":
        "Beijing is the capital of China.\\nTranslate this sentence from English to Chinese."}]\
      """;

  private WarServer server;
  private Api api;

  abstract WarServer start(Map<String, String> config);

  /** Asserts what the server's health tells while the models are open, where it has any. */
  abstract void assertReady();

  @BeforeAll
  void startServer() {
    server = start(Map.of("polylm.max-rows", "1"));
    api = new Api(server.root());
    api.awaitModels();
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  @Order(1)
  void aStreamWhoseClientGoesAwayGivesItsRowToTheNextRequest() throws Exception {
    // Eight answers of 500 ids, one after the other, since there is one row.
    HttpResponse<InputStream> abandoned =
        api.post(
            "v1/completions",
            """
            {"prompt": "a", "max_tokens": 500, "suppress_tokens": [2], "n": 8, "stream": true}\
            """,
            BodyHandlers.ofInputStream());
    readUpTo(abandoned.body(), "\"text\"");
    abandoned.body().close();
    assertThat(api.post("v1/completions", "{\"prompt\": \"a\", \"max_tokens\": 3}").statusCode())
        .isEqualTo(200);
    List<EndedRequests.Ended> ended = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      ended.add(server.endedRequests().next());
    }
    assertThat(ended)
        .contains(
            new EndedRequests.Ended("CANCELLED", 0), // the last of the eight
            new EndedRequests.Ended("FINISHED", 2)); // the first id comes with the prompt
  }

  private static void readUpTo(InputStream stream, String text) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text) < 0) {
      int next = stream.read();
      assertThat(next).as("what follows %s", read).isNotEqualTo(-1);
      read.append((char) next);
    }
  }

  @Test
  @Order(2)
  void chatsStreamsAndIsHealthyUntilItIsUndeployedAndAgainAfterwards() {
    assertServes();
    assertReady();
    server.undeploy();
    assertThat(api.get("v1/models").statusCode()).isEqualTo(404);
    server.deploy();
    assertServes();
    assertReady();
  }

  /** Without keys, only a request to one of this machine's own names is answered. */
  @Test
  @Order(3)
  void noSpellingOfAPathLeadsPastTheGuard() {
    for (String path : List.of("v1/models", "v1/completions", "v1/chat/completions")) {
      String method = path.equals("v1/models") ? "GET" : "POST";
      String whole = server.root().getPath().substring(1) + path;
      assertThat(PathSpellings.ask(server.root(), "localhost", method, "/" + whole))
          .startsWith("HTTP/1.1 200");
      for (String spelling : PathSpellings.of(whole)) {
        String refused = PathSpellings.ask(server.root(), "example.com", method, spelling);
        assertThat(status(refused)).as(spelling + ": " + refused).isBetween(300, 499);
        assertThat(refused).as(spelling).doesNotContain("choices", "owned_by");
        String own = PathSpellings.ask(server.root(), "localhost", method, spelling);
        assertThat(status(own)).as(spelling + ": " + own).isBetween(200, 499);
      }
    }
  }

  private static int status(String answer) {
    assertThat(answer).startsWith("HTTP/1.1 ");
    return Integer.parseInt(answer.substring(9, 12));
  }

  private void assertServes() {
    String text = URLEncoder.encode("Paris is the capital of France.", StandardCharsets.UTF_8);
    assertThat(api.get("translations?to=de&text=" + text).body())
        .isEqualTo("Paris ist die Hauptstadt von Frankreich.");
    HttpResponse<String> whole = api.post("v1/chat/completions", CHAT + "}");
    assertThat(whole.statusCode()).as(whole.body()).isEqualTo(200);
    assertThat(whole.body()).contains("\"content\":\"北京是中国的首都。\"");
    HttpResponse<String> stream = api.post("v1/chat/completions", CHAT + ", \"stream\": true}");
    assertThat(stream.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    List<String> data = Api.data(stream.body());
    assertThat(data.get(1)).contains("\"content\":\"北\"");
    assertThat(data.get(data.size() - 1)).isEqualTo("[DONE]");
    assertThat(api.post("v1/chat/completions", CHAT + ", \"temperature\": 5}").statusCode())
        .isEqualTo(400);
    assertThat(api.get("chat").body()).contains("<title>PolyLM</title>");
  }
}

package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.polylm.PolyLm;
import dev.polylm.jakarta.rest.Traffic;
import dev.polylm.jakarta.server.CapturedLog;
import dev.polylm.jakarta.server.Client;
import dev.polylm.jakarta.server.RawClient;
import dev.polylm.jakarta.server.TestServer;
import jakarta.enterprise.inject.spi.CDI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is logged, at the finest level, tells nothing of what was asked or answered. */
abstract class LogContract {
  private static final String MARKER = "Beijing";
  private static final String ANSWER = "北京是中国的首都。";
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";
  private static final String PROMPT_FIELD = "'prompt': '" + PROMPT.replace("\n", "\\n") + "'";
  private static final String COMPLETIONS = "v1/completions";
  private static final String KEY = "key-of-this-test";

  abstract TestServer start(Map<String, String> config);

  @Test
  void holdsNoPromptNoAnswerAndNoKey() {
    try (CapturedLog log = new CapturedLog()) {
      String ids;
      try (TestServer server = start(Map.of("polylm.server.api-keys", KEY))) {
        PolyLm polyLm = CDI.current().select(PolyLm.class).get(); // waits until it is open
        ids = Arrays.toString(polyLm.tokenizer().encodePrompt(PROMPT, false));
        Client client = new Client(server.uri());
        answered(client, ids);
        refused(client);
        left(server);
        assertThat(CDI.current().select(ChatModel.class).get().chat(PROMPT)).isEqualTo(ANSWER);
      }
      assertThat(log.records())
          .anyMatch(record -> record.contains("polylm-tiny: FINISHED: prompt of "))
          .anyMatch(record -> record.contains("polylm-tiny: CANCELLED: prompt of "))
          .noneMatch(record -> record.contains(MARKER))
          .noneMatch(record -> record.contains("北京"))
          .noneMatch(record -> record.contains(ids.substring(1, ids.length() - 1)))
          .noneMatch(record -> record.contains(KEY));
    }
  }

  private static void answered(Client client, String ids) {
    for (String more : new String[] {"", ", 'stream': true", ", 'logprobs': true"}) {
      HttpResponse<String> chat =
          post(client, KEY, ChatContract.CHAT, "{" + ChatContract.MESSAGES + more + "}");
      assertThat(chat.statusCode()).as(chat.body()).isEqualTo(200);
    }
    for (String fields :
        new String[] {
          PROMPT_FIELD + ", 'echo': true",
          PROMPT_FIELD + ", 'echo': true, 'logprobs': 1, 'max_tokens': 0",
          PROMPT_FIELD + ", 'num_beams': 2, 'stream': true, 'stop': 'Beijing'",
          "'prompt': " + ids
        }) {
      HttpResponse<String> completion = post(client, KEY, COMPLETIONS, "{" + fields + "}");
      assertThat(completion.statusCode()).as(completion.body()).isEqualTo(200);
    }
  }

  private static void refused(Client client) {
    for (String body :
        new String[] {
          "{'prompt': 'Beijing",
          "{'Beijing': 1, 'Beijing': 2}",
          "{'prompt': 'x', 'temperature': 'Beijing'}",
          "{'prompt': 'x', 'model': 'Beijing'}",
          "{'prompt': '" + "Beijing ".repeat(600) + "'}",
          "{'prompt': '" + "Beijing ".repeat(600) + "', 'stream': true}"
        }) {
      HttpResponse<String> response = post(client, KEY, COMPLETIONS, body);
      assertThat(response.statusCode()).as(response.body()).isIn(400, 404);
    }
    assertThat(post(client, KEY + "s", COMPLETIONS, "{" + PROMPT_FIELD + "}").statusCode())
        .isEqualTo(401);
  }

  private static HttpResponse<String> post(Client client, String key, String path, String json) {
    return client.send(
        client
            .request(path)
            .headers("Content-Type", "application/json", "Authorization", "Bearer " + key)
            .POST(BodyPublishers.ofString(json.replace('\'', '"'))));
  }

  /** Goes away in the middle of an answer. */
  private static void left(TestServer server) {
    try (RawClient client = new RawClient(server.uri())) {
      String fields =
          PROMPT_FIELD + ", 'max_tokens': 400, 'suppress_tokens': [2], 'n': 8, 'stream': true";
      client.post(COMPLETIONS, KEY, "{" + fields.replace('\'', '"') + "}");
      client.readLineWith("\"text\"");
    }
    Traffic traffic = CDI.current().select(Traffic.class).get();
    while (traffic.total() > 0) {
      Thread.onSpinWait();
    }
  }
}

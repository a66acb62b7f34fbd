package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.jakarta.server.Client;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chat completions on any server. */
abstract class ChatContract extends ServerContract {
  static final String CHAT = "v1/chat/completions";
  static final String MESSAGES =
      "'messages': [{'role': 'user', 'content': 'Beijing is the capital of China.\\nTranslate this"
          + " sentence from English to Chinese.'}]";

  @Test
  void repliesToAConversation() {
    HttpResponse<String> response =
        client().post(CHAT, "{'model': 'polylm-tiny', " + MESSAGES + ", 'user': 'me'}");
    JsonNode body = Client.json(response.body());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(body.path("object").asText()).isEqualTo("chat.completion");
    assertThat(body.path("id").asText()).startsWith("chatcmpl-");
    assertThat(body.path("model").asText()).isEqualTo("polylm-tiny");
    assertThat(body.path("created").asLong()).isPositive();
    assertThat(body.path("choices").toString())
        .isEqualTo(
            "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"北京是中国的首都。\","
                + "\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}]");
    assertThat(body.path("usage").path("prompt_tokens").asInt()).isPositive();
    assertThat(body.path("usage").path("total_tokens").asInt())
        .isEqualTo(
            body.path("usage").path("prompt_tokens").asInt()
                + body.path("usage").path("completion_tokens").asInt());
  }

  @Test
  void streamsAReply() {
    HttpResponse<String> response =
        client()
            .post(
                CHAT,
                "{" + MESSAGES + ", 'stream': true, 'stream_options': {'include_usage': true}}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type").orElse(""))
        .startsWith("text/event-stream");
    List<String> data = Client.data(response.body());
    assertThat(data.get(data.size() - 1)).isEqualTo("[DONE]");
    List<JsonNode> chunks = data.subList(0, data.size() - 1).stream().map(Client::json).toList();
    assertThat(chunks).allMatch(c -> c.path("object").asText().equals("chat.completion.chunk"));
    assertThat(chunks).extracting(c -> c.path("id").asText()).containsOnly(id(chunks.get(0)));
    assertThat(delta(chunks.get(0)).toString())
        .isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
    JsonNode end = chunks.get(chunks.size() - 2).path("choices").path(0);
    assertThat(end.toString())
        .isEqualTo("{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}");
    JsonNode usage = chunks.get(chunks.size() - 1);
    assertThat(usage.path("choices").isEmpty()).isTrue();
    assertThat(usage.path("usage").path("completion_tokens").asInt()).isPositive();
    StringBuilder text = new StringBuilder();
    chunks.forEach(chunk -> text.append(delta(chunk).path("content").asText("")));
    assertThat(text).hasToString("北京是中国的首都。");
  }

  @Test
  void givesLogprobs() {
    HttpResponse<String> response =
        client().post(CHAT, "{" + MESSAGES + ", 'logprobs': true, 'top_logprobs': 2}");
    JsonNode choice = Client.json(response.body()).path("choices").path(0);
    StringBuilder text = new StringBuilder();
    for (JsonNode token : choice.path("logprobs").path("content")) {
      text.append(token.path("token").asText());
      assertThat(token.path("top_logprobs")).hasSize(2);
      assertThat(token.path("top_logprobs").path(0).path("bytes")).isEqualTo(token.path("bytes"));
      assertThat(token.path("top_logprobs").path(0).path("logprob"))
          .isEqualTo(token.path("logprob"));
    }
    assertThat(text).hasToString("\n" + choice.path("message").path("content").asText() + "</s>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'stop': '首都'", "'max_tokens': 3", "'num_beams': 2", "'seed': 1"})
  void givesLogprobsOfEveryId(String setting) {
    JsonNode body =
        Client.json(
            client().post(CHAT, "{" + MESSAGES + ", 'logprobs': true, " + setting + "}").body());
    assertThat(body.path("choices").path(0).path("logprobs").path("content"))
        .as(setting)
        .hasSize(body.path("usage").path("completion_tokens").asInt());
  }

  @Test
  void readsTurnsOfAConversation() {
    HttpResponse<String> response =
        client()
            .post(
                CHAT,
                "{'messages': [{'role': 'user', 'content': 'Hallo'},{'role': 'assistant',"
                    + " 'content': 'Hi', 'tool_calls': []},{'role': 'user', 'content': [{'type':"
                    + " 'text', 'text': 'Paris is the capital of France.'},{'type': 'text', 'text':"
                    + " '\\n"
                    + "Translate this sentence from English to German.'}]}]}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(Client.json(response.body()).path("choices").path(0).path("message").path("content"))
        .hasToString("\"Paris ist die Hauptstadt von Frankreich.\"");
  }

  private String content(String body) {
    HttpResponse<String> response = client().post(CHAT, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Client.json(response.body())
        .path("choices")
        .path(0)
        .path("message")
        .path("content")
        .asText();
  }

  @Test
  void whatSaysNothingChangesNothing() {
    for (String fields :
        List.of(
            "'stop': []",
            "'stop': null",
            "'verbosity': 'low'",
            "'reasoning_effort': 'none'",
            "'response_format': {'type': 'text'}")) {
      assertThat(content("{" + MESSAGES + ", " + fields + "}"))
          .as(fields)
          .isEqualTo("\u5317\u4eac\u662f\u4e2d\u56fd\u7684\u9996\u90fd\u3002");
    }
    String named = MESSAGES.replace("'role': 'user'", "'role': 'user', 'name': 'Klaus'");
    assertThat(content("{" + named + "}"))
        .isEqualTo("\u5317\u4eac\u662f\u4e2d\u56fd\u7684\u9996\u90fd\u3002");
    String withSystem = MESSAGES.replace("[{", "[{'role': 'system', 'content': ''}, {");
    assertThat(content("{" + withSystem + "}"))
        .isEqualTo("\u5317\u4eac\u662f\u4e2d\u56fd\u7684\u9996\u90fd\u3002");
  }

  @Test
  void takesBackWhatAnAnswerMayBe() {
    String conversation =
        "{'max_tokens': 5, 'messages': [{'role': 'user', 'content': 'Hi'}, %s,"
            + " {'role': 'user', 'content': 'Hi'}]}";
    String empty = content(conversation.formatted("{'role': 'assistant', 'content': ''}"));
    for (String silent :
        List.of(
            "{'role': 'assistant', 'content': null}",
            "{'role': 'assistant'}",
            "{'role': 'assistant', 'content': null, 'refusal': null, 'tool_calls': []}")) {
      assertThat(content(conversation.formatted(silent))).isEqualTo(empty);
    }
  }

  @Test
  void theSystemsMessagesGoFirst() {
    String user = "{'role': 'user', 'content': 'Hi'}";
    String system = "{'role': 'system', 'content': 'Be brief.'}";
    String form = "{'max_tokens': 8, 'messages': [%s, %s]}";
    assertThat(content(form.formatted(user, system)))
        .isEqualTo(content(form.formatted(system, user)));
  }

  @Test
  void streamsBeamsAtTheirEnd() {
    HttpResponse<String> response =
        client().post(CHAT, "{" + MESSAGES + ", 'stream': true, 'num_beams': 3, 'n': 2}");
    List<String> data = Client.data(response.body());
    List<String> contents =
        data.subList(0, data.size() - 1).stream()
            .map(Client::json)
            .map(chunk -> delta(chunk).path("content").asText(""))
            .filter(text -> !text.isEmpty())
            .toList();
    assertThat(contents).hasSize(2).first().isEqualTo("北京是中国的首都。");
  }

  private static String id(JsonNode chunk) {
    return chunk.path("id").asText();
  }

  private static JsonNode delta(JsonNode chunk) {
    return chunk.path("choices").path(0).path("delta");
  }
}

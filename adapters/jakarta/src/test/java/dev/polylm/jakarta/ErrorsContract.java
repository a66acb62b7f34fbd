package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.jakarta.server.Client;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a request is told in OpenAI's form, with a sentence. */
abstract class ErrorsContract extends ServerContract {
  @Override
  Map<String, String> config() {
    return Map.of(
        "polylm.server.max-body-bytes", "20000",
        "polylm.server.max-tokens", "400",
        "polylm.server.max-beams", "4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'temperature': 3 | temperature | temperature is 3, must be a number from 0.0 to 2.0.",
        "'temperature': 1e400 | temperature | temperature is 1E+400, must be a number from 0.0 to"
            + " 2.0.",
        "'repetition_penalty': 1e400 | | repetition_penalty is 1E+400, must be a number of 64"
            + " bits.",
        "'stop': 5 | stop | stop is 5, must be a string or a list of strings.",
        "'temperature': 'hot' | temperature | temperature is \"hot\", must be a number from 0.0 to"
            + " 2.0.",
        "'top_p': -1 | top_p | top_p is -1, must be a number from 0.0 to 1.0.",
        "'n': 0 | n | n is 0, must be an integer from 1 to 8.",
        "'n': 1e400 | n | n is 1E+400, must be an integer from 1 to 8.",
        "'n': 2, 'temperature': 0 | n | 2 answers are requested, but without draws there is only"
            + " one; set a temperature above 0, or num_beams for the best of a beam search.",
        "'n': 3, 'num_beams': 2 | n | 3 answers are requested, must be at most num_beams, which is"
            + " 2.",
        "'num_beams': 5 | num_beams | num_beams is 5, must be an integer from 1 to 4.",
        "'max_tokens': 0 | max_tokens | max_tokens is 0, must be an integer from 1 to 2147483647.",
        "'max_tokens': 4.5 | max_tokens | max_tokens is 4.5, must be an integer from 1 to"
            + " 2147483647.",
        "'verbosity': 'epic' | verbosity | verbosity is \"epic\"; PolyLM can't do that: leave it"
            + " out.",
        "'max_tokens': 2, 'max_completion_tokens': 3 | max_completion_tokens |"
            + " max_completion_tokens is 3 and max_tokens is 2; set only one of them.",
        "'max_new_tokens': 2 | max_new_tokens | max_new_tokens is called max_tokens here.",
        "'stream': 'yes' | stream | stream is \"yes\", must be true or false.",
        "'stream_options': {'include_usage': true} | stream_options | stream_options is set, which"
            + " needs stream to be true.",
        "'stop': ['a', 3] | stop | stop is 3, must be a string or a list of strings.",
        "'stop': '' | stop | stop holds an empty string, must hold text.",
        "'logit_bias': {'5': 101} | logit_bias.5 | logit_bias.5 is 101, must be a number from"
            + " -100.0 to 100.0.",
        "'logit_bias': {'five': 1} | | logit_bias is {\"five\":1}, must be an object of ids and"
            + " numbers.",
        "'logit_bias': {'8192': 1} | | logit_bias names id 8192, must be below 8192, the size of"
            + " the model's vocabulary.",
        "'seed': 1.5 | | seed is 1.5, must be an integer of 64 bits.",
        "'frequency_penalty': 3 | | frequency_penalty is 3.0, must be from -2.0 to 2.0.",
        "'top_logprobs': 2 | top_logprobs | top_logprobs is set, which needs logprobs to be true.",
        "'functions': [{'name': 'a'}] | functions | functions is a list; PolyLM can't do that:"
            + " leave it out.",
        "'top_k': 5 | | top_k is 5, but do_sample is false; set do_sample to true or leave top_k"
            + " out.",
        "'model': 'gpt' | model | The model `gpt` does not exist; /v1/models lists those that do.",
        "'model': 4 | model | model is 4, must be a string.",
      })
  void aFieldThatCanNotBeHonouredIsRefused(String fields, String param, String message) {
    HttpResponse<String> response =
        client().post(ChatContract.CHAT, "{" + ChatContract.MESSAGES + ", " + fields + "}");
    JsonNode error = error(response);
    assertThat(error.path("message").asText()).isEqualTo(message);
    assertThat(error.path("param").textValue()).isEqualTo(param);
    assertThat(response.statusCode()).isEqualTo(message.contains("exist") ? 404 : 400);
    assertThat(error.path("code").textValue())
        .isEqualTo(message.contains("exist") ? "model_not_found" : null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1/load_lora_adapter", "v1/unload_lora_adapter"})
  void adaptersAreNotLoadedUnlessTheConfigurationSaysSo(String path) {
    HttpResponse<String> response = client().post(path, "{'lora_name': 'a', 'lora_path': 'b'}");
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(error(response).path("message").asText())
        .isEqualTo("Clients can't load adapters here (polylm.server.adapter-folder is not set).");
  }

  @Test
  void halfACharacterIsRefused() {
    HttpResponse<String> response =
        client().post(ChatContract.CHAT, "{'messages': [{'role': 'user', 'content': 'a\\ud83d'}]}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(error(response).path("message").asText())
        .isEqualTo(
            "the text has half of a surrogate pair at character 2, expected whole characters.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | messages is missing, must be a list.",
        "{'messages': []} | messages has 0 items, must have 1 to 10000.",
        "{'messages': 'Hi'} | messages is \"Hi\", must be a list.",
        "{'messages': [1]} | messages[0] is 1, must be an object.",
        "{'messages': [{'role': 'user'}]} | messages[0].content is missing, must be a string"
            + " or a list of parts.",
        "{'messages': [{'role': 'user', 'content': 5}]} | messages[0].content is 5, must be a"
            + " string or a list of parts.",
        "{'messages': [{'role': 'user', 'content': ''}]} | message 0 (user) is empty, expected"
            + " text.",
        "{'messages': [{'role': 'function', 'content': 'x'}]} | messages[0] has the role"
            + " \"function\", must be system, developer, user, assistant or tool.",
        "{'messages': [{'role': 'user', 'content': [{'type': 'image_url'}]}]} |"
            + " messages[0].content has a part of type \"image_url\"; the model reads only texts.",
        "{'messages': [{'role': 'user', 'content': null}]} | messages[0].content is missing, must"
            + " be a string or a list of parts.",
        "{'messages': [{'role': 'assistant', 'content': null, 'tool_calls': [{'id': 'a'}]}]} |"
            + " messages[0].tool_calls[0].function is missing, must be an object.",
        "{'messages': [{'role': 'assistant', 'content': 'x'}]} | message 0, the last, is the"
            + " assistant's, expected the user's.",
        "[] | The body is a list, must be a JSON object.",
        "null | The body is null, must be a JSON object.",
      })
  void messagesMustBeAConversation(String body, String message) {
    HttpResponse<String> response = client().post(ChatContract.CHAT, body);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(error(response).path("message").asText()).isEqualTo(message);
  }

  @Test
  void whatIsNoJsonIsRefused() {
    assertThat(errorOf("")).isEqualTo("The body is empty, must be a JSON object.");
    assertThat(errorOf("{\"a\": 1, \"a\": 2}"))
        .isEqualTo("The body is not JSON: Duplicate field 'a' at line 1, column 13.");
    assertThat(errorOf("{} {}"))
        .isEqualTo("The body is not JSON: more follows after its end at line 1, column 4.");
    assertThat(errorOf("{\"a\": NaN}"))
        .isEqualTo("The body is not JSON: Non-standard token 'NaN' at line 1, column 10.");
    assertThat(errorOf("{\"a\": "))
        .isEqualTo("The body is not JSON: it ends too early at line 1, column 7.");
    assertThat(errorOf("[".repeat(5000)))
        .startsWith("The body is not JSON: Document nesting depth");
    assertThat(errorOf("{\"n\": " + "9".repeat(5000) + "}"))
        .startsWith("The body is not JSON: Number value length");
    HttpResponse<String> response =
        client()
            .postBytes(
                ChatContract.CHAT,
                BodyPublishers.ofByteArray(new byte[] {'{', '"', (byte) 0xc3, '"', '}'}));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(error(response).path("message").asText()).isEqualTo("The body is not UTF-8.");
  }

  private String errorOf(String body) {
    HttpResponse<String> response =
        client().postBytes(ChatContract.CHAT, BodyPublishers.ofString(body));
    assertThat(response.statusCode()).isEqualTo(400);
    return error(response).path("message").asText();
  }

  @Test
  void aPromptThatFillsTheContextIsRefused() {
    HttpResponse<String> response =
        client()
            .post(
                ChatContract.CHAT,
                "{'messages': [{'role': 'user', 'content': '" + "1".repeat(600) + "'}]}");
    assertThat(response.statusCode()).isEqualTo(400);
    JsonNode error = error(response);
    assertThat(error.path("code").asText()).isEqualTo("context_length_exceeded");
    assertThat(error.path("message").asText())
        .startsWith(
            "This model's maximum context length is 512 tokens. However, your prompt has 60");
  }

  @Test
  void otherStatusesHaveTheFormToo() {
    HttpResponse<String> large =
        client().post(ChatContract.CHAT, "{'a': '" + "x".repeat(20_000) + "'}");
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(error(large).path("message").asText())
        .isEqualTo("The body has more than 20000 bytes, which is the limit.");
    HttpResponse<String> text =
        client()
            .send(
                client()
                    .request(ChatContract.CHAT)
                    .header("Content-Type", "text/plain")
                    .POST(BodyPublishers.ofString("{}")));
    assertThat(text.statusCode()).isEqualTo(415);
    assertThat(error(text).path("message").asText())
        .isEqualTo("The body's type must be application/json.");
    HttpResponse<String> unknown = client().get("v1/images");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(error(unknown).path("message").asText())
        .isEqualTo("Not Found; /v1/openapi.json lists the paths and their methods.");
    assertThat(error(unknown).path("code").asText()).isEqualTo("unknown_url");
    HttpResponse<String> method = client().get(ChatContract.CHAT);
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(error(method).path("type").asText()).isEqualTo("invalid_request_error");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "suppress_tokens | 5, | suppress_tokens holds 1025 values, must hold at most 1024.",
        "begin_suppress_tokens | 5, | begin_suppress_tokens holds 1025 values, must hold at most"
            + " 1024.",
        "bad_words_ids | [5], | bad_words_ids holds 1025 values, must hold at most 1024.",
        "sequence_bias | [[5, 6], 1.0], | sequence_bias holds 3075 values, must hold at most 1024.",
        "stop | 'x', | stop has 1025 items, must have 1 to 16.",
      })
  void listsHaveLimits(String name, String item, String message) {
    String list = "[" + item.repeat(1024) + item.replaceAll(",$", "") + "]";
    HttpResponse<String> response =
        client()
            .post(
                ChatContract.CHAT, "{" + ChatContract.MESSAGES + ", '" + name + "': " + list + "}");
    assertThat(error(response).path("message").asText()).isEqualTo(message);
    assertThat(response.statusCode()).isEqualTo(400);
  }

  @Test
  void stopStringsHaveALimitOfBytes() {
    HttpResponse<String> response =
        client()
            .post(
                ChatContract.CHAT,
                "{" + ChatContract.MESSAGES + ", 'stop': '" + "\u00e4".repeat(513) + "'}");
    assertThat(error(response).path("message").asText())
        .isEqualTo("stop holds a string of 1026 bytes, must hold strings of at most 1024.");
  }

  @Test
  void moreTokensThanTheServerGivesAreClamped() {
    String asked = "{" + ChatContract.MESSAGES + ", 'max_tokens': %s, 'stream': %s}";
    for (String stream : new String[] {"false", "true"}) {
      for (String most : new String[] {"401", "4096", "99999999999"}) {
        HttpResponse<String> response =
            client().post(ChatContract.CHAT, asked.formatted(most, stream));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("X-PolyLM-Warning"))
            .contains("max_tokens is above polylm.server.max-tokens, which holds: 400");
      }
      assertThat(client().post(ChatContract.CHAT, asked.formatted("400", stream)).headers().map())
          .doesNotContainKey("x-polylm-warning");
    }
    HttpResponse<String> cut =
        client()
            .post("v1/completions", "{'prompt': 'a', 'max_tokens': 1000, 'suppress_tokens': [2]}");
    assertThat(Client.json(cut.body()).path("usage").path("completion_tokens").asInt())
        .isEqualTo(400);
  }

  private HttpResponse<String> encoded(String encoding, byte[] body) {
    return client()
        .send(
            client()
                .request(ChatContract.CHAT)
                .headers("Content-Type", "application/json", "Content-Encoding", encoding)
                .POST(BodyPublishers.ofByteArray(body)));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void packedBodiesAreUnpackedUpToTheLimit() throws IOException {
    String body = ("{" + ChatContract.MESSAGES + "}").replace('\'', '"');
    HttpResponse<String> response = encoded("gzip", gzip(body));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).contains("\u5317\u4eac\u662f\u4e2d\u56fd\u7684\u9996\u90fd\u3002");
    HttpResponse<String> bomb = encoded("gzip", gzip(" ".repeat(10_000_000)));
    assertThat(bomb.statusCode()).isEqualTo(413);
    assertThat(error(bomb).path("message").asText())
        .isEqualTo("The body has more than 20000 bytes, which is the limit.");
    byte[] whole = gzip(body);
    for (byte[] broken :
        new byte[][] {
          body.getBytes(StandardCharsets.UTF_8), Arrays.copyOf(whole, whole.length / 2), {}
        }) {
      HttpResponse<String> refused = encoded("gzip", broken);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(error(refused).path("message").asText())
          .isEqualTo("The body is not gzip, although Content-Encoding says so.");
    }
    HttpResponse<String> other = encoded("br", whole);
    assertThat(other.statusCode()).isEqualTo(415);
    assertThat(error(other).path("message").asText())
        .isEqualTo("The header Content-Encoding must be gzip or missing.");
    assertThat(encoded("identity", body.getBytes(StandardCharsets.UTF_8)).statusCode())
        .isEqualTo(200);
  }

  /** The second part need not have arrived when the first has ended. */
  @Test
  void aPackedBodyMayHaveSeveralParts() throws IOException {
    String body = ("{" + ChatContract.MESSAGES + "}").replace('\'', '"');
    byte[] first = gzip(body.substring(0, 20));
    byte[] second = gzip(body.substring(20));
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    assertThat(encoded("gzip", both).body()).contains("\u5317\u4eac\u662f");
  }

  @Test
  void whatHasNoStreamSaysSo() {
    for (String path : new String[] {"v1/embeddings", "v1/score", "v1/rerank", "tokenize"}) {
      HttpResponse<String> response = client().post(path, "{'stream': true}");
      assertThat(response.statusCode()).as(path).isEqualTo(400);
      assertThat(error(response).path("param").asText()).isEqualTo("stream");
      assertThat(error(response).path("message").asText())
          .isEqualTo("stream is true, but what this path answers is no stream: leave it out.");
      assertThat(error(client().post(path, "{'stream': false}")).path("param").asText())
          .isNotEqualTo("stream");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Accept, a/b;q=x, 400",
    "Accept, */*;q=, 400",
    "Content-Type, a/b;q=x, 415",
  })
  void aHeaderThatCanNotBeReadIsNamed(String name, String value, int status) {
    HttpResponse<String> response =
        client().send(client().request("v1/models").header(name, value).GET());
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(error(response).path("message").asText())
        .isEqualTo("The header %s can't be read.".formatted(name));
  }

  @Test
  void aStreamThatIsRefusedIsNoStream() {
    HttpResponse<String> response =
        client()
            .post(
                ChatContract.CHAT,
                "{" + ChatContract.MESSAGES + ", 'stream': true, 'temperature': 9}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(error(response).path("param").asText()).isEqualTo("temperature");
  }

  static JsonNode error(HttpResponse<String> response) {
    JsonNode body = Client.json(response.body());
    assertThat(body.fieldNames()).as(response.body()).toIterable().containsExactly("error");
    JsonNode error = body.path("error");
    assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
    return error;
  }
}

package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLm;
import dev.polylm.jakarta.server.Client;
import jakarta.enterprise.inject.spi.CDI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is served beside chat and completions. The SDK says what is right. */
abstract class EndpointsContract extends ServerContract {
  private JsonNode ask(String path, String json) {
    HttpResponse<String> response = client().post(path, json);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Client.json(response.body());
  }

  private static PolyLm polyLm() {
    return CDI.current().select(PolyLm.class).get();
  }

  private static int[] ints(JsonNode list) {
    int[] ints = new int[list.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = list.get(i).intValue();
    }
    return ints;
  }

  @Test
  void embeddingsAreThoseOfTheSdkAsNumbersAndAsBytes() {
    float[] expected = polyLm().embed("Monday");
    JsonNode numbers = ask("v1/embeddings", "{'input': ['a', 'Monday']}");
    JsonNode second = numbers.at("/data/1/embedding");
    assertThat(second).hasSize(expected.length);
    String base64 =
        ask("v1/embeddings", "{'input': 'Monday', 'encoding_format': 'base64'}")
            .at("/data/0/embedding")
            .textValue();
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : expected) {
      assertThat(bytes.getFloat()).isCloseTo(number, within(1e-5f));
    }
    for (int i = 0; i < expected.length; i++) {
      assertThat((float) second.get(i).asDouble()).isCloseTo(expected[i], within(1e-5f));
    }
    int ids = polyLm().tokenizer().encodePrompt("Monday", false).length;
    assertThat(
            ask("v1/embeddings", "{'input': [[5, 6], [7]]}").at("/usage/prompt_tokens").intValue())
        .isEqualTo(3);
    assertThat(ask("v1/embeddings", "{'input': 'Monday'}").at("/usage/total_tokens").intValue())
        .isEqualTo(ids);
  }

  @Test
  void documentsAreRankedByTheScoreOfTheQuery() {
    String one = "Monday is a day.";
    String two = "北京";
    double ofOne = polyLm().score(one + "\n", "Monday").perToken();
    double ofTwo = polyLm().score(two + "\n", "Monday").perToken();
    JsonNode results =
        ask(
                "v1/rerank",
                "{'query': 'Monday', 'documents': ['%s', {'text': '%s'}]}".formatted(two, one))
            .path("results");
    int best = ofOne > ofTwo ? 1 : 0;
    assertThat(results.at("/0/index").intValue()).isEqualTo(best);
    assertThat(results.at("/0/relevance_score").doubleValue())
        .isCloseTo(Math.max(ofOne, ofTwo), within(1e-4));
    assertThat(results.at("/0/document/text").textValue()).isEqualTo(best == 1 ? one : two);
    assertThat(
            ask("v1/rerank", "{'query': 'a', 'documents': ['b', 'c', 'd'], 'top_n': 2}")
                .path("results"))
        .hasSize(2);
    JsonNode scores =
        ask("v1/score", "{'text_1': 'Monday', 'text_2': ['%s', '%s']}".formatted(one, two));
    assertThat(scores.at("/data/0/score").doubleValue()).isCloseTo(ofOne, within(1e-4));
    assertThat(scores.at("/data/1/score").doubleValue()).isCloseTo(ofTwo, within(1e-4));
  }

  /** As lm-evaluation-harness asks, which takes the last token's id from the text of that token. */
  @Test
  void tokensAreThoseOfTheTokenizer() {
    JsonNode info = Client.json(client().get("tokenizer_info").body());
    String eos = info.path("eos_token").textValue();
    assertThat(eos).isEqualTo("</s>");
    JsonNode end = ask("tokenize", "{'prompt': '</s>', 'add_special_tokens': false}");
    assertThat(ints(end.path("tokens"))).containsExactly(polyLm().tokenizer().eosTokenId());
    JsonNode tokens = ask("tokenize", "{'prompt': 'Beijing is', 'return_token_strs': true}");
    assertThat(ints(tokens.path("tokens")))
        .containsExactly(polyLm().tokenizer().encodePrompt("Beijing is", true));
    assertThat(tokens.path("count").intValue()).isEqualTo(tokens.path("tokens").size());
    assertThat(tokens.at("/token_strs/0").textValue()).isEqualTo("▁Beijing");
    assertThat(
            ask("detokenize", "{'tokens': %s}".formatted(tokens.path("tokens")))
                .path("prompt")
                .textValue())
        .isEqualTo("Beijing is");
    assertThat(
            ask("tokenize", "{'messages': [{'role': 'user', 'content': 'a'}]}")
                .path("count")
                .intValue())
        .isPositive();
  }

  @Test
  void aResponseIsTheReplyOfAChat() {
    String chat =
        ask(
                "v1/chat/completions",
                "{'messages': [{'role': 'user', 'content': 'Monday'}], 'max_tokens': 9}")
            .at("/choices/0/message/content")
            .textValue();
    JsonNode response =
        ask(
            "v1/responses",
            "{'input': [{'role': 'user', 'content': [{'type': 'input_text', 'text': 'Monday'}]}],"
                + " 'max_output_tokens': 9}");
    assertThat(response.at("/output/0/content/0/text").textValue()).isEqualTo(chat);
    assertThat(response.at("/usage/output_tokens").intValue()).isPositive();
    List<JsonNode> events =
        Client.data(
                client()
                    .post(
                        "v1/responses",
                        "{'input': 'Monday', 'max_output_tokens': 9, 'stream': true}")
                    .body())
            .stream()
            .map(Client::json)
            .toList();
    List<String> types = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (JsonNode event : events) {
      assertThat(event.path("sequence_number").intValue()).isEqualTo(types.size());
      types.add(event.path("type").textValue());
      text.append(event.path("delta").asText(""));
    }
    assertThat(types)
        .startsWith(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta")
        .endsWith(
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response." + response.path("status").textValue());
    assertThat(text).hasToString(chat);
    assertThat(events.get(events.size() - 1).at("/response/output/0/content/0/text").textValue())
        .isEqualTo(chat);
  }

  @Test
  void promptsThatBeginAlikeAreReportedAsCached() {
    String prompt =
        "{'prompt': 'The days of the week are Monday, Tuesday and so on; today is', 'max_tokens':"
            + " 1}";
    ask("v1/completions", prompt);
    JsonNode usage = ask("v1/completions", prompt).path("usage");
    assertThat(usage.at("/prompt_tokens_details/cached_tokens").intValue())
        .isEqualTo(usage.path("prompt_tokens").intValue() - 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          v1/embeddings | {} | input is missing, must be a string, a list of strings, a list of ids or a list of lists of ids.
          v1/embeddings | {"input": "a", "encoding_format": "hex"} | encoding_format is "hex", must be float or base64.
          v1/embeddings | {"input": "a", "dimensions": 3} | dimensions is 3; this model's vectors have 256 numbers.
          v1/embeddings | {"input": ""} | The prompt is empty, must have at least one token.
          v1/rerank | {"documents": ["a"]} | query is missing, must be a string.
          v1/rerank | {"query": "", "documents": ["a"]} | query is empty, must have text.
          v1/score | {"text_1": ["a", ""], "text_2": ["a", "b"]} | text_1 is empty, must have text.
          v1/rerank | {"query": "a", "documents": [3]} | documents is 3, must be strings, or objects with a text.
          v1/score | {"text_1": ["a", "b"], "text_2": "c"} | text_1 has 2 texts and text_2 has 1, must be one or as many.
          v1/responses | {"input": "a", "previous_response_id": "resp_1"} | previous_response_id is set, but this server keeps no responses: send the whole conversation as input.
          v1/responses | {"input": [{"type": "reasoning"}]} | input[0] is of type reasoning, must be a message, a function_call or a function_call_output.
          tokenize | {} | prompt is missing, must be a string; or set messages.
          detokenize | {"tokens": "a"} | tokens is "a", must be a list of ids.
          """)
  void wrongRequestsAreRefusedWithASentence(String path, String json, String message) {
    HttpResponse<String> response = client().post(path, json);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(ErrorsContract.error(response).path("message").textValue()).isEqualTo(message);
  }

  /** What the request has in common with a chat completion is called as this API calls it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'input': []} | input | input has 0 items, must have 1 to 10000.",
        "{'input': ['a']} | input[0] | input[0] is \"a\", must be an object.",
        "{'input': [{'role': 'tool', 'content': 'a'}]} | input[0] | input[0] has the role"
            + " \"tool\", must be user, assistant, system, developer.",
        "{'instructions': 'a', 'input': [{'role': 'user'}]} | input[0] | input[0].content is"
            + " missing, must be a string or a list of parts.",
        "{'input': [{'role': 'user', 'content': 5}]} | input[0].content | input[0].content is 5,"
            + " must be a string or a list of parts.",
        "{'input': 'a', 'text': {'format': 'json'}} | text.format | text.format is \"json\", must"
            + " be an object.",
        "{'input': 'a', 'text': {'format': {'type': 'yaml'}}} | text.format | text.format is of"
            + " type \"yaml\", must be text, json_object or json_schema.",
        "{'input': 'a', 'text': {'format': {'type': 'json_schema', 'schema': {'type': 'strin'}}}} |"
            + " text.format | text.format: schema, #/type: there is no type strin.",
        "{'input': 'a', 'text': {'format': {'type': 'json_object'}}, 'guided_regex': 'a'} |"
            + " guided_regex | text.format and guided_regex are set; set only one of them.",
        "{'input': 'a', 'max_output_tokens': 3, 'max_tokens': 2} | max_output_tokens |"
            + " max_output_tokens is 3 and max_tokens is 2; set only one of them.",
        "{'input': 'a', 'max_new_tokens': 3} | max_new_tokens | max_new_tokens is called"
            + " max_output_tokens here.",
        "{'input': 'a', 'tools': [{'type': 'function', 'name': 5}]} | tools[0].name | tools[0].name"
            + " is 5, must be a string.",
        "{'input': 'a', 'tools': [{'type': 'function', 'name': 'a', 'parameters': 5}]} |"
            + " tools[0].parameters | tools[0].parameters is 5, must be a JSON schema of type"
            + " object.",
        "{'input': 'a', 'tool_choice': {'type': 'custom'}} | tool_choice | tool_choice is of type"
            + " \"custom\", must be function or allowed_tools.",
        "{'input': 'a', 'tool_choice': {'type': 'function'}} | tool_choice | tool_choice.name is"
            + " missing, must be a string.",
        "{'input': 'a', 'tool_choice': {'type': 'allowed_tools'}} | tool_choice | tool_choice.tools"
            + " is missing, must be a list.",
        "{'input': 'a', 'tool_choice': {'type': 'allowed_tools', 'mode': 5, 'tools': [{'type':"
            + " 'function', 'name': 'b'}]}, 'tools': [{'type': 'function', 'name': 'b'}]} |"
            + " tool_choice.mode | tool_choice.mode is 5, must be auto or required.",
        "{'input': 'a', 'tool_choice': {'type': 'allowed_tools', 'tools': [{'type': 'function'}]}}"
            + " | tool_choice | tool_choice.tools[0].name is missing, must be a string.",
        "{'instructions': 'a', 'input': [{'role': 'user', 'content': 'a'}, {'type':"
            + " 'function_call', 'call_id': 'c', 'name': 'b', 'arguments': '{}'}, {'type':"
            + " 'function_call', 'name': 'b', 'arguments': '{}'}]} | input[2].call_id |"
            + " input[2].call_id is missing, must be a string.",
        "{'input': [{'type': 'function_call', 'call_id': 'c', 'name': 'b'}]} | input[0].arguments |"
            + " input[0].arguments is missing, must be a string.",
        "{'input': [{'type': 'function_call_output', 'output': 'a'}]} | input[0].call_id |"
            + " input[0].call_id is missing, must be a string.",
        "{'input': [{'type': 'function_call', 'call_id': 'c', 'name': 'b', 'arguments': '{}'},"
            + " {'type': 'function_call_output', 'call_id': 'c'}]} | input[1] | input[1].output is"
            + " missing, must be a string or a list of parts.",
        "{'input': [{'type': 'function_call_output', 'call_id': 'c', 'output': 'a'}]} | input[0] |"
            + " input[0] answers a call that no message before it has made.",
      })
  void errorsOfResponsesNameWhatTheClientHasSent(String json, String param, String message) {
    HttpResponse<String> response = client().post("v1/responses", json);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    JsonNode error = ErrorsContract.error(response);
    assertThat(error.path("message").textValue()).isEqualTo(message);
    assertThat(error.path("param").textValue()).isEqualTo(param);
  }

  @Test
  void whatDoesNotFitTheContextIsRefusedByItsCode() {
    String text = "1".repeat(600); // ids enough, but few enough characters for a context
    for (String request :
        List.of(
            "v1/embeddings {'input': '%s'}",
            "v1/rerank {'query': 'a', 'documents': ['%s']}",
            "v1/score {'text_1': '%s', 'text_2': 'a'}")) {
      String[] parts = request.formatted(text).split(" ", 2);
      HttpResponse<String> response = client().post(parts[0], parts[1]);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(ErrorsContract.error(response).path("code").textValue())
          .isEqualTo("context_length_exceeded");
      assertThat(ErrorsContract.error(response).path("message").textValue())
          .startsWith(
              "This model's maximum context length is 512 tokens. However, your prompt has 60");
    }
  }

  @Test
  void theDescriptionOfTheApiIsServed() {
    assertThat(Client.json(client().get("v1/openapi.json").body()).path("openapi").textValue())
        .isEqualTo("3.1.0");
  }
}

package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.jakarta.server.Client;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of tools, on any server. */
abstract class ToolsContract extends ServerContract {
  private static final String TOOLS =
      "'tools': [{'type': 'function', 'function': {'name': 'weather', 'description': 'The weather"
          + " of a city.', 'strict': true, 'parameters': {'type': 'object', 'properties': {'city':"
          + " {'enum': ['Peking', 'Rom']}}, 'required': ['city']}}}, {'type': 'function',"
          + " 'function': {'name': 'time'}}]";
  private static final String ONE = "'parallel_tool_calls': false";

  private JsonNode choice(String fields) {
    return choice(ChatContract.MESSAGES, fields);
  }

  private JsonNode choice(String messages, String fields) {
    HttpResponse<String> response =
        client().post(ChatContract.CHAT, "{" + messages + ", " + TOOLS + ", " + fields + "}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Client.json(response.body()).path("choices").path(0);
  }

  private static void checkCall(JsonNode call) {
    assertThat(call.path("id").asText()).startsWith("call_");
    assertThat(call.path("type").asText()).isEqualTo("function");
    JsonNode arguments = Client.json(call.at("/function/arguments").textValue());
    if (call.at("/function/name").asText().equals("weather")) {
      assertThat(arguments.path("city").asText()).isIn("Peking", "Rom");
    } else {
      assertThat(call.at("/function/name").asText()).isEqualTo("time");
      assertThat(arguments.toString()).isEqualTo("{}");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'required' | weather,time",
        "{'type': 'function', 'function': {'name': 'weather'}} | weather",
        "{'type': 'function', 'function': {'name': 'time'}} | time",
        "{'type': 'allowed_tools', 'allowed_tools': {'mode': 'required', 'tools': [{'type':"
            + " 'function', 'function': {'name': 'time'}}]}} | time",
      })
  void theModelCallsWhatItMust(String toolChoice, String names) {
    JsonNode choice = choice(ONE + ", 'tool_choice': " + toolChoice);
    JsonNode message = choice.path("message");
    assertThat(message.path("content").isNull()).isTrue();
    assertThat(message.path("tool_calls")).hasSize(1);
    JsonNode call = message.path("tool_calls").path(0);
    checkCall(call);
    assertThat(call.at("/function/name").asText()).isIn((Object[]) names.split(","));
    assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'tool_choice': 'auto'",
        "'tool_choice': {'type': 'allowed_tools', 'allowed_tools': {'mode': 'auto', 'tools':"
            + " [{'type': 'function', 'function': {'name': 'time'}}]}}",
        "'response_format': {'type': 'json_schema', 'json_schema': {'schema': {'type': 'boolean'}}}"
      })
  void theModelCallsOrAnswers(String fields) {
    JsonNode choice = choice(ONE + ", 'max_tokens': 400, " + fields);
    JsonNode message = choice.path("message");
    if (message.has("tool_calls")) {
      message.path("tool_calls").forEach(ToolsContract::checkCall);
      assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
    } else {
      assertThat(message.path("content").isTextual()).as(message.toString()).isTrue();
      assertThat(choice.path("finish_reason").asText()).isIn("stop", "length");
    }
  }

  @Test
  void withoutAChoiceThereIsATextOfTheForm() {
    String form =
        "'tool_choice': 'none', 'response_format': {'type': 'json_schema', 'json_schema':"
            + " {'schema': {'enum': ['Peking']}}}";
    JsonNode message = choice(form).path("message");
    assertThat(message.has("tool_calls")).isFalse();
    assertThat(message.path("content").asText()).isEqualTo("\"Peking\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'seed': 1", "'num_beams': 2"})
  void aStreamHasTheSameCalls(String setting) {
    String fields = ONE + ", 'tool_choice': 'required', " + setting;
    HttpResponse<String> response =
        client()
            .post(
                ChatContract.CHAT,
                "{" + ChatContract.MESSAGES + ", " + TOOLS + ", 'stream': true, " + fields + "}");
    List<String> data = Client.data(response.body());
    List<String> names = new ArrayList<>();
    Map<Integer, String> arguments = new TreeMap<>();
    List<String> ends = new ArrayList<>();
    for (String chunk : data.subList(0, data.size() - 1)) {
      JsonNode choice = Client.json(chunk).path("choices").path(0);
      assertThat(choice.at("/delta/content").isTextual()).as(chunk).isFalse();
      for (JsonNode call : choice.at("/delta/tool_calls")) {
        if (call.has("id")) {
          names.add(call.at("/function/name").asText());
          assertThat(call.path("type").asText()).isEqualTo("function");
        }
        arguments.merge(
            call.path("index").asInt(), call.at("/function/arguments").textValue(), String::concat);
      }
      if (choice.path("finish_reason").isTextual()) {
        ends.add(choice.path("finish_reason").asText());
      }
    }
    JsonNode whole = choice(fields).at("/message/tool_calls/0/function");
    assertThat(names).containsExactly(whole.path("name").asText());
    assertThat(arguments.values()).containsExactly(whole.path("arguments").asText());
    assertThat(ends).containsExactly("tool_calls");
  }

  @Test
  void severalCallsHaveTheirPlaces() {
    JsonNode choice =
        choice("'max_tokens': 200, 'tool_choice': 'required', 'temperature': 1.5, 'seed': 7");
    JsonNode calls = choice.at("/message/tool_calls");
    calls.forEach(ToolsContract::checkCall);
    assertThat(calls).isNotEmpty();
    assertThat(calls.findValuesAsText("id")).doesNotHaveDuplicates();
  }

  @Test
  void aCallThatTheLimitCutsIsNone() {
    JsonNode choice = choice("'max_tokens': 3, 'tool_choice': 'required'");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
    assertThat(choice.path("message").has("tool_calls")).isFalse();
  }

  private static final String HISTORY =
      "'messages': [{'role': 'user', 'content': 'Is it warm in Rome?'}, {'role': 'assistant',"
          + " 'content': null, 'tool_calls': [{'id': 'c1', 'type': 'function', 'function': {'name':"
          + " 'weather', 'arguments': '{\\\"city\\\": \\\"Rom\\\"}'}}]}, {'role': 'tool',"
          + " 'tool_call_id': 'c1', 'content': [{'type': 'text', 'text': 'sunny'}]}]";

  @Test
  void theModelReadsCallsAndResults() {
    HttpResponse<String> response = client().post("tokenize", "{" + HISTORY + "}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    HttpResponse<String> prompt =
        client()
            .post("detokenize", "{'tokens': " + Client.json(response.body()).path("tokens") + "}");
    assertThat(Client.json(prompt.body()).path("prompt").asText())
        .isEqualTo(
            "Is it warm in Rome?\n{\"tool_calls\":[{\"name\":\"weather\",\"arguments\":{\"city\":"
                + "\"Rom\"}}]}\nweather({\"city\":\"Rom\"}) returned: sunny");
    JsonNode choice = choice(HISTORY, ONE + ", 'tool_choice': 'required'");
    checkCall(choice.at("/message/tool_calls/0"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'tools': 'all' | tools is \"all\", must be a list.",
        "'tools': [{'type': 'custom'}] | tools[0] is of type \"custom\", must be a function.",
        "'tools': [{'type': 'function'}] | tools[0].function is missing, must be an object.",
        "'tools': [{'type': 'function', 'function': {}}] | tools[0]: a tool's name has 1 to 64"
            + " characters, and no quotes, backslashes or control characters; found a name of 0"
            + " characters.",
        "'tools': [{'type': 'function', 'function': {'name': 'a', 'parameters': {'type':"
            + " 'string'}}}] | tools[0].function.parameters is an object, must be a JSON schema of"
            + " type object.",
        "'tools': [{'type': 'function', 'function': {'name': 'a', 'parameters': {'properties':"
            + " {'b': {'format': 'idn-email'}}}}}] | tools: the tool a: schema,"
            + " #/properties/b/format: the format idn-email is not supported.",
        "'tools': [{'type': 'function', 'function': {'name': 'a'}}, {'type': 'function',"
            + " 'function': {'name': 'a'}}] | each tool needs its own name, found a, a.",
        "'tool_choice': 'required' | tool_choice is \"required\", which needs tools.",
        "'tool_choice': 'some' | tool_choice is \"some\", must be none, auto, required or an"
            + " object.",
        "'tool_choice': {'type': 'custom'} | tool_choice is of type \"custom\", must be function or"
            + " allowed_tools, with an object of that name.",
        "'tool_choice': {'type': 'function', 'function': {'name': 'a'}} | tool_choice names \"a\","
            + " which is not among tools.",
        "'parallel_tool_calls': 1 | parallel_tool_calls is 1, must be true or false.",
        "'tools': [{'type': 'function', 'function': {'name': 'a'}}], 'guided_regex': 'a' |"
            + " guided_regex is set, and so are tools; only a JSON schema can stand beside tools.",
        "'messages': [{'role': 'tool', 'content': 'x', 'tool_call_id': 'c'}] | messages[0] answers"
            + " a call that no message before it has made.",
        "'messages': [{'role': 'user', 'content': 'x', 'tool_calls': [{}]}] | messages[0] has"
            + " tool_calls, which a message of the role \"user\" can't have here.",
        "'messages': [{'role': 'assistant', 'tool_calls': [{'id': 'a', 'function': {'name':"
            + " 'b'}}]}] | messages[0].tool_calls[0].function.arguments is missing, must be a"
            + " string.",
      })
  void whatIsWrongIsRefused(String fields, String message) {
    String messages = fields.contains("messages") ? "" : ChatContract.MESSAGES + ", ";
    HttpResponse<String> response = client().post(ChatContract.CHAT, "{" + messages + fields + "}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(ErrorsContract.error(response).path("message").asText()).startsWith(message);
  }

  @Test
  void completionsHaveNoTools() {
    HttpResponse<String> response =
        client().post("v1/completions", "{'prompt': 'a', " + TOOLS + "}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(ErrorsContract.error(response).path("message").asText())
        .isEqualTo("tools is a list; PolyLM can't do that: leave it out.");
  }
}

package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.jakarta.server.Client;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers in a form that the request asks for, on any server. */
abstract class FormsContract extends ServerContract {
  private static final String SCHEMA =
      "{'type': 'object', 'properties': {'city': {'enum': ['Peking', 'Rom']}, 'sure': {'type':"
          + " 'boolean'}}, 'required': ['city', 'sure']}";
  private static final String GRAMMAR =
      "'root ::= \\\"<\\\" (\\\"Peking\\\" | \\\"Rom\\\") \\\">\\\"'";
  private static final String PATTERN = "'<(?:Peking|Rom)>'";

  /** What asks for the object of the schema. */
  private static final List<String> SCHEMAS =
      List.of(
          "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'a', 'strict': true,"
              + " 'schema': SCHEMA}}",
          "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'a', 'schema':"
              + " SCHEMA}}",
          "'response_format': {'type': 'json_schema', 'schema': SCHEMA}",
          "'response_format': {'type': 'json_object', 'schema': SCHEMA}",
          "'structured_outputs': {'json': SCHEMA, 'regex': null, 'disable_fallback': false}",
          "'guided_json': SCHEMA",
          "'json_schema': SCHEMA");

  private JsonNode choice(String path, String body) {
    HttpResponse<String> response = client().post(path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Client.json(response.body()).path("choices").path(0);
  }

  private String content(String fields) {
    return choice(ChatContract.CHAT, "{" + ChatContract.MESSAGES + ", " + fields + "}")
        .at("/message/content")
        .asText();
  }

  private String text(String fields) {
    return choice("v1/completions", "{'prompt': 'Beijing', " + fields + "}").path("text").asText();
  }

  private static void checkObject(String text, String fields) {
    JsonNode answer = Client.json(text);
    assertThat(answer.fieldNames()).as(fields).toIterable().containsExactly("city", "sure");
    assertThat(answer.path("city").asText()).as(fields).isIn("Peking", "Rom");
    assertThat(answer.path("sure").isBoolean()).as(fields).isTrue();
  }

  @Test
  void theAnswerIsAnObjectOfTheSchema() {
    for (String form : SCHEMAS) {
      String fields = form.replace("SCHEMA", SCHEMA);
      checkObject(content(fields), fields);
      checkObject(text(fields), fields);
    }
    String sentAsText = "'guided_json': \"" + SCHEMA.replace("'", "\\\"") + "\"";
    checkObject(content(sentAsText), sentAsText);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'guided_regex': " + PATTERN,
        "'structured_outputs': {'regex': " + PATTERN + "}",
        "'guided_choice': ['<Peking>', '<Rom>']",
        "'structured_outputs': {'choice': ['<Peking>', '<Rom>']}",
        "'guided_grammar': " + GRAMMAR,
        "'structured_outputs': {'grammar': " + GRAMMAR + "}",
        "'grammar': " + GRAMMAR
      })
  void theAnswerHasTheForm(String fields) {
    assertThat(content(fields)).isIn("<Peking>", "<Rom>");
    assertThat(text(fields)).isIn("<Peking>", "<Rom>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'response_format': {'type': 'json_object'}",
        "'structured_outputs': {'json_object': true}",
        "'guided_json_object': true"
      })
  void anyObjectIsAnObject(String fields) {
    String body = "{" + ChatContract.MESSAGES + ", 'max_tokens': 400, " + fields + "}";
    JsonNode choice = choice(ChatContract.CHAT, body);
    String text = choice.at("/message/content").asText();
    assertThat(text).startsWith("{");
    if (choice.path("finish_reason").asText().equals("stop")) {
      assertThat(Client.json(text).isObject()).as(text).isTrue();
    }
  }

  @Test
  void theFormHoldsWithDrawsBeamsAndSeveralAnswers() {
    for (String setting :
        List.of(
            "'temperature': 1.8, 'n': 3, 'seed': 4",
            "'num_beams': 3, 'n': 2",
            "'top_k': 1, 'do_sample': true")) {
      HttpResponse<String> response =
          client()
              .post(
                  ChatContract.CHAT,
                  "{"
                      + ChatContract.MESSAGES
                      + ", 'guided_regex': "
                      + PATTERN
                      + ", "
                      + setting
                      + "}");
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      for (JsonNode choice : Client.json(response.body()).path("choices")) {
        assertThat(choice.at("/message/content").asText()).as(setting).isIn("<Peking>", "<Rom>");
        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
      }
    }
  }

  @Test
  void aStreamHasTheSameText() {
    String fields = "'guided_json': " + SCHEMA;
    List<String> data =
        Client.data(
            client()
                .post(
                    ChatContract.CHAT,
                    "{" + ChatContract.MESSAGES + ", 'stream': true, " + fields + "}")
                .body());
    StringBuilder text = new StringBuilder();
    data.subList(0, data.size() - 1).stream()
        .map(chunk -> Client.json(chunk).at("/choices/0/delta/content").asText(""))
        .forEach(text::append);
    assertThat(text).hasToString(content(fields));
  }

  @Test
  void theLimitCutsTheForm() {
    JsonNode choice =
        choice(
            ChatContract.CHAT,
            "{" + ChatContract.MESSAGES + ", 'guided_json': " + SCHEMA + ", 'max_tokens': 2}");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'response_format': {'type': 'json_schema', 'json_schema': {'schema': {'properties': {'a':"
            + " {'contains': {}}}}}} | response_format | response_format: schema,"
            + " #/properties/a/contains: contains is not supported by constraints.",
        "'guided_json': {'properties': {'a': {'type': 'strin'}}} | guided_json | guided_json:"
            + " schema, #/properties/a/type: there is no type strin.",
        "'guided_json': '{' | guided_json | guided_json is not JSON: it ends too early",
        "'guided_json': {'maximum': 1e400} | guided_json | guided_json: a schema has a number of"
            + " over 400 digits.",
        "'guided_json': {'type': 'integer', 'minimum': 2, 'maximum': 1} | guided_json |"
            + " guided_json: no answer can satisfy the constraint jsonSchema.",
        "'guided_regex': 'a(' | guided_regex | guided_regex: the pattern a( is not supported",
        "'guided_regex': 5 | guided_regex | guided_regex is 5, must be a string.",
        "'guided_grammar': 'root ::= root' | guided_grammar | guided_grammar: ",
        "'structured_outputs': {'structural_tag': 'a'} | structured_outputs | structured_outputs"
            + " has structural_tag, must have one of json, json_object, regex, choice, grammar.",
        "'structured_outputs': {'regex': 'a', 'json': {}} | structured_outputs.json |"
            + " structured_outputs.regex and structured_outputs.json are set; set only one of"
            + " them.",
        "'structured_outputs': {'choice': ['a', 3]} | structured_outputs.choice |"
            + " structured_outputs.choice is 3, must be a string or a list of strings.",
        "'guided_json': {}, 'response_format': {'type': 'json_object'} | guided_json |"
            + " response_format and guided_json are set; set only one of them.",
        "'response_format': {'type': 'yaml'} | response_format | response_format is of type"
            + " \"yaml\", must be text, json_object or json_schema.",
        "'response_format': 'json' | response_format | response_format is \"json\", must be an"
            + " object.",
        "'guided_whitespace_pattern': ' ' | guided_whitespace_pattern | guided_whitespace_pattern"
            + " is \" \"; PolyLM can't do that: leave it out.",
      })
  void aFormThatCanNotBeEnforcedIsRefused(String fields, String param, String message) {
    for (String path : List.of(ChatContract.CHAT, "v1/completions")) {
      String prompt = path.endsWith("chat/completions") ? ChatContract.MESSAGES : "'prompt': 'a'";
      HttpResponse<String> response = client().post(path, "{" + prompt + ", " + fields + "}");
      assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
      JsonNode error = ErrorsContract.error(response);
      assertThat(error.path("message").asText()).startsWith(message);
      assertThat(error.path("param").textValue()).isEqualTo(param);
    }
  }

  /** None of these may take much time or memory. */
  @Test
  void hostileFormsAreRefusedOrHold() {
    String nested = "{'items': ".repeat(100) + "{}" + "}".repeat(100);
    String wide = "{'enum': [" + "'a', ".repeat(150_000) + "'b']}";
    StringBuilder doubling = new StringBuilder("{'$defs': {'d0': {'type': 'null'}");
    for (int i = 1; i < 60; i++) {
      String below = "{'$ref': '#/$defs/d" + (i - 1) + "'}";
      doubling.append(
          ", 'd%d': {'type': 'array', 'prefixItems': [%s, %s], 'items': false, 'minItems': 2}"
              .formatted(i, below, below));
    }
    doubling.append("}, '$ref': '#/$defs/d59'}");
    for (String fields :
        List.of(
            "'guided_json': " + nested,
            "'guided_json': " + wide,
            "'guided_json': " + doubling,
            "'guided_json': {'$ref': '#'}",
            "'guided_json': {'allOf': [{'$ref': '#'}]}",
            "'guided_regex': '(?:(?:(?:a{1000}){1000}){1000}){1000}'",
            "'guided_regex': '" + "(".repeat(20_000) + "'",
            "'guided_regex': '(?=.*a.{300})(?=.*b.{300})(?=.*c.{300}).*'",
            "'guided_grammar': 'root ::= " + "(".repeat(20_000) + "'")) {
      HttpResponse<String> response =
          client()
              .post(
                  ChatContract.CHAT,
                  "{" + ChatContract.MESSAGES + ", 'max_tokens': 2, " + fields + "}");
      String shown = fields.substring(0, Math.min(80, fields.length())) + " " + response.body();
      assertThat(response.statusCode()).as(shown).isIn(200, 400);
      if (response.statusCode() == 400) {
        assertThat(ErrorsContract.error(response).path("message").asText()).as(shown).endsWith(".");
      }
    }
  }
}

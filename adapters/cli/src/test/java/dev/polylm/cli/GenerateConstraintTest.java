package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers in a form that an option or a request asks for. */
final class GenerateConstraintTest {
  private static final String PROMPT =
      "Beijing is the capital of China.\\nTranslate this sentence from English to German.\\n";
  private static final String SCHEMA =
      "{\"type\":\"object\",\"properties\":{\"city\":{\"enum\":[\"Peking\",\"Rom\"]}},"
          + "\"required\":[\"city\"],\"additionalProperties\":false}";
  private static final String GRAMMAR =
      "root ::= \"<\" city \">\"\ncity ::= \"Peking\" | \"Rom\"\n";

  @TempDir private Path folder;

  @Test
  void answersHaveTheFormOfAnOption() throws IOException {
    assertThat(Run.of("generate", "--choice", "Rom", "--choice", "Peking", PROMPT))
        .isEqualTo(new Run(0, "Peking\n", ""));
    assertThat(Run.of("generate", "--regex", "<[A-Z][a-z]{5}>", PROMPT).out())
        .matches("<[A-Z][a-z]{5}>\n");
    Path grammar = Files.writeString(folder.resolve("city.gbnf"), GRAMMAR);
    assertThat(Run.of("generate", "--grammar", grammar.toString(), PROMPT).out())
        .isIn("<Peking>\n", "<Rom>\n");
    Path schema = Files.writeString(folder.resolve("city.json"), SCHEMA);
    Run run = Run.of("generate", "--json-schema", schema.toString(), PROMPT, "--num-beams", "2");
    assertThat(json(run.out()).path("city").asText()).isIn("Peking", "Rom");
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  @Test
  void requestsInAFileHaveTheirOwnForms() throws IOException {
    String prompt = "{\"prompt\": \"" + PROMPT + "\"";
    Run run =
        Run.withInput(
            String.join(
                "\n",
                prompt + "}",
                prompt + ", \"constraint\": {\"regex\": \"<Rom>|<Bonn>\"}}",
                prompt + ", \"constraint\": {\"json_schema\": " + SCHEMA + "}}",
                prompt + ", \"constraint\": {\"choice\": [\"Bonn\"]}, \"config\": {}}",
                prompt + ", \"constraint\": {\"grammar\": \"root ::= [0-9]\"}}",
                prompt
                    + ", \"constraint\": {\"containing\": [[\"Bonn\", \"Rom\"], [\"qux\"]]},"
                    + " \"config\": {\"num_beams\": 3, \"max_new_tokens\": 30}}",
                ""),
            "generate",
            "--choice",
            "Peking",
            "--jsonl",
            "-",
            "--output",
            "-");
    assertThat(run.status()).as(run.out()).isZero();
    assertThat(text(run, 0)).isEqualTo("Peking");
    assertThat(text(run, 1)).isIn("<Rom>", "<Bonn>");
    assertThat(json(text(run, 2)).path("city").asText()).isIn("Peking", "Rom");
    assertThat(text(run, 3)).isEqualTo("Bonn");
    assertThat(text(run, 4)).matches("[0-9]");
    assertThat(text(run, 5)).containsPattern("Bonn|Rom").contains("qux");
  }

  private static String text(Run run, int line) throws IOException {
    return json(run.outLines().get(line)).at("/texts/0").asText();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'regex' | constraint is 'regex', expected an object with one of json_schema, regex,"
            + " choice, grammar, containing",
        "{'regex': 'a', 'choice': ['b']} | constraint is {'regex':'a','choice':['b']}, expected an"
            + " object with one of json_schema, regex, choice, grammar,"
            + " containing",
        "{'regex': 5} | constraint.regex is 5, expected a text",
        "{'choice': 'a'} | constraint.choice is 'a', expected a list of texts",
        "{'choice': ['a', 5]} | constraint.choice[1] is 5, expected a text",
        "{'containing': 'a'} | constraint.containing is 'a', expected a list of lists of texts",
        "{'containing': [['a'], 'b']} | constraint.containing[1] is 'b', expected a list of texts",
        "{'containing': [['a', 5]]} | constraint.containing[0][1] is 5, expected a text",
        "{'json_schema': {'type': 'strin'}} | schema, #/type: there is no type strin",
      })
  void aFormThatIsWrongIsAnError(String constraint, String message) throws IOException {
    String line = "{'prompt': 'a', 'constraint': " + constraint + "}";
    Run run =
        Run.withInput(line.replace('\'', '"') + "\n", "generate", "--jsonl", "-", "--output", "-");
    assertThat(run.status()).isEqualTo(1);
    assertThat(json(run.out()).path("error").asText()).isEqualTo(message.replace('\'', '"'));
  }

  @Test
  void anOptionThatIsWrongIsAWrongArgument() throws IOException {
    Path schema = Files.writeString(folder.resolve("wrong.json"), "{\"type\": \"strin\"}");
    Run wrong = Run.of("generate", "--json-schema", schema.toString(), "a");
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err()).contains(schema + ": schema, #/type: there is no type strin");
    Run both = Run.of("generate", "--regex", "a", "--choice", "a", "a");
    assertThat(both.status()).isEqualTo(2);
    assertThat(both.err()).contains("--regex", "--choice", "mutually exclusive");
  }
}

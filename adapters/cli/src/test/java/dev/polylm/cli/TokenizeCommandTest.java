package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizeCommandTest {
  @Test
  void givesIdsAndPieces() {
    assertThat(Run.of("tokenize", "Beijing is\\nthe"))
        .isEqualTo(
            new Run(
                0,
                "{\"ids\":[5581,321,13,5998,3373],\"pieces\":[\"▁Beijing\",\"▁is\",\"<0x0A>\",\"t\",\"he\"]}\n",
                ""));
  }

  @Test
  void givesTheTextOfIds() {
    assertThat(Run.of("tokenize", "--ids", "5581,321,454"))
        .isEqualTo(new Run(0, "{\"text\":\"Beijing is the\"}\n", ""));
  }

  @Test
  void specialTokensAreTextUnlessTrusted() {
    assertThat(Run.of("tokenize", "a</s>").out()).doesNotContain("\"</s>\"");
    assertThat(Run.of("tokenize", "--trusted", "a</s>").out()).contains("\"</s>\"");
  }

  @Test
  void legacyPutsASpaceBehindASpecialToken() {
    assertThat(Run.of("tokenize", "--trusted", "</s>Beijing").out()).doesNotContain("▁Beijing");
    assertThat(Run.of("tokenize", "--trusted", "--legacy", "</s>Beijing").out())
        .contains("\"pieces\":[\"</s>\",\"▁Beijing\"]");
  }

  @Test
  void answersAFileLineByLine(@TempDir Path folder) throws IOException {
    Path input = folder.resolve("in.jsonl");
    Path output = folder.resolve("out.jsonl");
    Files.writeString(
        input,
        """
        {"text": "Beijing is"}
        {"ids": [5581, 321]}
        {"ids": [5581, 8192]}
        {"text": "a", "ids": [1]}
        """);
    Run run = Run.of("tokenize", "--jsonl", input.toString(), "--output", output.toString());
    assertThat(run).isEqualTo(new Run(1, "", ""));
    assertThat(Files.readAllLines(output))
        .hasSize(4)
        .contains(
            "{\"ids\":[5581,321],\"pieces\":[\"▁Beijing\",\"▁is\"]}", "{\"text\":\"Beijing is\"}")
        .last()
        .isEqualTo(
            "{\"error\":\"the request has the keys [text, ids], expected one of [[text],"
                + " [ids]]\"}");
    assertThat(Files.readAllLines(output).get(2)).startsWith("{\"error\":").contains("8192");
  }

  @Test
  void showsProgressOnATerminal() {
    Run run =
        Run.of(
            "{\"ids\": [5581, 321]}".getBytes(StandardCharsets.UTF_8),
            new Screen(false, false, true, false),
            Map.of(),
            "tokenize",
            "--jsonl",
            "-",
            "--output",
            "-");
    assertThat(run.out()).isEqualTo("{\"text\":\"Beijing is\"}\n");
    assertThat(run.err()).contains("Answering", "1 lines");
  }

  /** The graph is not even looked at: here it is a file of zeros. */
  @Test
  void needsNoGraph(@TempDir Path folder) throws IOException {
    Path model = ExportCommandTest.export(folder);
    for (String name : new String[] {"model.onnx", "model.onnx.data"}) {
      Path file = model.resolve(name);
      Files.write(file, new byte[(int) Files.size(file)]);
    }
    assertThat(Run.of("tokenize", "--model", model.toString(), "--ids", "5581"))
        .isEqualTo(new Run(0, "{\"text\":\"Beijing\"}\n", ""));
  }

  @Test
  void wrongArgumentsAreUsageErrors() {
    for (String[] arguments :
        new String[][] {
          {"tokenize"},
          {"tokenize", "a", "--ids", "1"},
          {"tokenize", "--ids", "1,x"},
          {"tokenize", "--jsonl", "-"},
          {"tokenize", "--output", "-"}
        }) {
      Run run = Run.of(arguments);
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).startsWith("polylm: ").endsWith("Try 'polylm tokenize --help'.\n");
    }
  }
}

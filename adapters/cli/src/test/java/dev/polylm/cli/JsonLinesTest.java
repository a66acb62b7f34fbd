package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
  private static final String NO_JSON = "{\"error\":\"the line is not JSON: ";

  @TempDir private Path folder;

  @Test
  void aByteOrderMarkAndLineBreaksOfTwoCharactersChangeNothing() throws IOException {
    Path input = folder.resolve("in.jsonl");
    Path output = folder.resolve("out.jsonl");
    Files.writeString(input, "\uFEFF{\"text\": \"one\"}\r\n{\"text\": \"two\"}\r\n");
    assertThat(answer(input.toString(), output.toString())).isZero();
    assertThat(output).hasContent("{\"echo\":\"one\"}\n{\"echo\":\"two\"}\n");
  }

  @Test
  void answersEachLineInItsPlace() throws IOException {
    Path input = folder.resolve("in.jsonl");
    Path output = folder.resolve("out.jsonl");
    Files.writeString(
        input,
        """
        {"text": "one"}

        [1]
        "text"
        {"text": "zwei", "other": 1}
        {"text": 3}
        {"text": "a", "text": "b"}
        {"text": "four\\n"} {}
        {"text": "five\\nlines 北"}\r
        {"text": "last"}\
        """);
    assertThat(answer(input.toString(), output.toString())).isEqualTo(1);
    List<String> lines = Files.readAllLines(output);
    assertThat(lines).hasSize(10);
    assertThat(lines.subList(0, 6))
        .containsExactly(
            "{\"echo\":\"one\"}",
            "{\"error\":\"the line is empty, must be a JSON object\"}",
            "{\"error\":\"the line is a JSON list, must be a JSON object\"}",
            "{\"error\":\"the line is a JSON text, must be a JSON object\"}",
            "{\"error\":\"the request has the keys [text, other], expected one of [[text]]\"}",
            "{\"error\":\"text is a JSON number, must be a text\"}");
    assertThat(lines.get(6)).startsWith(NO_JSON + "Duplicate");
    assertThat(lines.get(7)).startsWith(NO_JSON + "more follows after its end at line 1, column ");
    assertThat(lines.subList(8, 10))
        .containsExactly("{\"echo\":\"five\\nlines 北\"}", "{\"echo\":\"last\"}");
  }

  @Test
  void aLineThatIsNoTextSpoilsNoOther() throws IOException {
    Path input = folder.resolve("in.jsonl");
    Path output = folder.resolve("out.jsonl");
    byte[] bytes = "{\"text\": \"x\"}\n{\"text\": \"ok\"}\n".getBytes(StandardCharsets.UTF_8);
    bytes[10] = (byte) 0xC3;
    Files.write(input, bytes);
    assertThat(answer(input.toString(), output.toString())).isEqualTo(1);
    assertThat(Files.readAllLines(output))
        .containsExactly("{\"error\":\"the line is not UTF-8\"}", "{\"echo\":\"ok\"}");
  }

  @Test
  void takesLongLinesButNotEndlessOnes() throws IOException {
    Path input = folder.resolve("in.jsonl");
    Path output = folder.resolve("out.jsonl");
    String text = "x".repeat(30_000_000);
    try (OutputStream out = Files.newOutputStream(input)) {
      out.write(("{\"text\": \"" + text + "\"}\n").getBytes(StandardCharsets.UTF_8));
      byte[] spaces = new byte[LineReader.MAX_LINE_BYTES + 1];
      Arrays.fill(spaces, (byte) ' ');
      out.write(spaces);
      out.write("\n{\"text\": \"next\"}\n".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(answer(input.toString(), output.toString())).isEqualTo(1);
    assertThat(Files.readAllLines(output))
        .containsExactly(
            "{\"echo\":\"" + text + "\"}",
            "{\"error\":\"the line has 67108865 bytes, must have at most 67108864\"}",
            "{\"echo\":\"next\"}");
  }

  @Test
  void anEmptyFileHasNoAnswers() throws IOException {
    Path input = Files.createFile(folder.resolve("in.jsonl"));
    Path output = folder.resolve("out.jsonl");
    assertThat(answer(input.toString(), output.toString())).isZero();
    assertThat(output).isEmptyFile();
  }

  @Test
  void refusesToWriteOverItsRequests() throws IOException {
    Path input = Files.writeString(folder.resolve("in.jsonl"), "{\"text\": \"one\"}\n");
    Path link = Files.createSymbolicLink(folder.resolve("link.jsonl"), input);
    assertThatThrownBy(() -> answer(input.toString(), link.toString()))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(input + ": is both --jsonl and --output, expected two different files");
    assertThat(input).hasContent("{\"text\": \"one\"}");
  }

  @Test
  void saysWhichFileCantBeRead() {
    Path output = folder.resolve("out.jsonl");
    String missing = folder.resolve("missing.jsonl").toString();
    assertThatThrownBy(() -> answer(missing, output.toString()))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(missing + ": can't be read: there is no such file or folder");
    assertThat(output).doesNotExist();
    assertThatThrownBy(() -> answer(folder.toString(), output.toString()))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(folder + ": can't be read: Is a directory");
  }

  @Test
  void saysWhichFileCantBeWritten() throws IOException {
    Path input = Files.writeString(folder.resolve("in.jsonl"), "{\"text\": \"one\"}\n");
    String output = folder.resolve("no/such/folder").toString();
    assertThatThrownBy(() -> answer(input.toString(), output))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(output + ": can't be written: there is no such file or folder");
  }

  @Test
  void stopsWhereNobodyReadsTheAnswers() {
    assertThatThrownBy(() -> answer("-", "-", broken("Broken pipe"), false))
        .isInstanceOf(ReaderGoneException.class);
    assertThatThrownBy(() -> answer("-", "-", broken("No space left on device"), false))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("standard output: can't be written: No space left on device");
  }

  private static OutputStream broken(String reason) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(reason);
      }
    };
  }

  @Test
  void showsProgressOnATerminalOnly() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(answer("-", "-", out, false)).isEmpty();
    assertThat(answer("-", "-", out, true)).contains("Answering").contains("1 lines, ");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("{\"echo\":\"piped\"}\n{\"echo\":\"piped\"}\n");
  }

  /** Answers a request from standard input; gives what was said to people. */
  private static String answer(String input, String output, OutputStream out, boolean terminal) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Streams streams =
        new Streams(
            new ByteArrayInputStream("{\"text\": \"piped\"}".getBytes(StandardCharsets.UTF_8)),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new Screen(false, false, terminal, false),
            Map.of());
    JsonLines.answer(files(input, output), streams, JsonLinesTest::echo);
    return err.toString(StandardCharsets.UTF_8);
  }

  private static int answer(String input, String output) {
    Streams streams =
        new Streams(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            System.err,
            Screen.NONE,
            Map.of());
    return JsonLines.answer(files(input, output), streams, JsonLinesTest::echo);
  }

  private static JsonlOptions files(String input, String output) {
    JsonlOptions files = new JsonlOptions();
    files.input = input;
    files.output = output;
    return files;
  }

  private static ObjectNode echo(JsonRequest request) {
    request.form(List.of(List.of("text")));
    return JsonParts.object().put("echo", request.text("text"));
  }
}

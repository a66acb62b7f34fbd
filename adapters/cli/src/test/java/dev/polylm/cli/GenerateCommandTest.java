package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GenerateCommandTest {
  static final String CARD =
      "Beijing is the capital of China.\\nTranslate this sentence from English to Chinese.";
  static final String ANSWER = "北京是中国的首都。\n";

  @TempDir private Path folder;

  @Test
  void answersThePromptOfAnArgument() {
    assertThat(Run.of("generate", CARD)).isEqualTo(new Run(0, ANSWER, ""));
  }

  @Test
  void answersSeveralPromptsInOrder() {
    Run run = Run.of("generate", CARD, CARD.replace("Chinese", "German"), "--max-new-tokens", "20");
    assertThat(run).isEqualTo(new Run(0, ANSWER + "\nPeking ist die Hauptstadt von China.\n", ""));
  }

  @Test
  void printsAJsonObjectForEachPrompt() throws IOException {
    Run run = Run.of("generate", "--json", CARD, CARD.replace("Chinese", "German"));
    assertThat(run.status()).isZero();
    assertThat(run.outLines()).hasSize(2);
    JsonNode answer = new ObjectMapper().readTree(run.outLines().get(0));
    assertThat(answer.at("/texts/0").textValue().strip()).isEqualTo(ANSWER.strip());
    assertThat(answer.at("/finish_reasons/0").textValue()).isEqualTo("stop_token");
  }

  @Test
  void saysLessOrMore() {
    assertThat(Run.of("generate", CARD, "--max-new-tokens", "3", "--quiet"))
        .isEqualTo(new Run(0, "北京\n", ""));
    assertThat(Run.of("generate", CARD, "--max-new-tokens", "3", "--verbose").err())
        .containsPattern("\\d+ prompt tokens in \\d+ ms, 3 new tokens in \\d+ ms .*, seed -?\\d+");
  }

  /** An interrupted command prints what there is. */
  @Test
  void anInterruptEndsTheAnswer() {
    Thread.currentThread().interrupt();
    Run run = Run.of("generate", CARD, CARD);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(run.status()).isEqualTo(130);
    assertThat(run.out().length()).isLessThan(ANSWER.length() + 1);
  }

  @Test
  void saysIfAnAnswerWasCut() {
    Run run = Run.of("generate", CARD, "--max-new-tokens", "3");
    assertThat(run.out()).isEqualTo("北京\n");
    assertThat(run.err().strip())
        .isEqualTo(
            "The answer was cut after 3 tokens, at its limit or at the end of the model's context;"
                + " --max-new-tokens sets the limit.");
    assertThat(Run.of("generate", CARD, "--max-new-tokens", "3", "--num-beams", "2").err())
        .isEqualTo(run.err());
  }

  @Test
  void answersThePromptOfAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("prompt.txt"), CARD.replace("\\n", "\n") + "\r\n");
    assertThat(Run.of("generate", "--prompt-file", file.toString()))
        .isEqualTo(new Run(0, ANSWER, ""));
  }

  /** As some editors save it: with a byte order mark, and line breaks of two characters. */
  @Test
  void aFilesLineBreaksAndMarkAreNoPartOfThePrompt() throws IOException {
    String saved = "\uFEFF" + CARD.replace("\\n", "\r\n") + "\r\n";
    Path file = Files.writeString(folder.resolve("prompt.txt"), saved);
    assertThat(Run.of("generate", "--prompt-file", file.toString()))
        .isEqualTo(new Run(0, ANSWER, ""));
    assertThat(Run.withInput(saved, "generate")).isEqualTo(new Run(0, ANSWER, ""));
  }

  @Test
  void aPromptWithHalfACharacterIsRefused() {
    String message =
        "the text has half of a surrogate pair at character 2, expected whole characters";
    assertThat(Run.of("generate", "a\\ud83d"))
        .isEqualTo(new Run(1, "", "polylm: " + message + "\n"));
    assertThat(
            Run.withInput("{\"prompt\": \"a\\ud83d\"}", "generate", "--jsonl=-", "--output=-")
                .out())
        .isEqualTo("{\"error\":\"" + message + "\"}\n");
  }

  @Test
  void answersThePromptOfStandardInput() {
    assertThat(Run.withInput(CARD.replace("\\n", "\n") + "\n", "generate"))
        .isEqualTo(new Run(0, ANSWER, ""));
  }

  @Test
  void searchesWithBeamsAndGivesSeveralAnswers() {
    Run run =
        Run.of(
            "generate",
            "--num-beams=4",
            "--num-return-sequences=2",
            "--early-stopping",
            "true",
            "--max-length",
            "128",
            CARD);
    assertThat(run.status()).isZero();
    assertThat(run.outLines()).hasSize(3).first().isEqualTo(ANSWER.strip());
    assertThat(run.outLines().get(1)).isEmpty();
  }

  @Test
  void aFlagDoesNotTakeThePromptBehindIt() {
    Run run = Run.of("generate", "--do-sample", "--top-k", "1", "--seed", "3", CARD);
    assertThat(run).isEqualTo(new Run(0, ANSWER, ""));
    assertThat(Run.of("generate", "--do-sample", "false", CARD)).isEqualTo(run);
  }

  @Test
  void endsAtEachIdOfAList() {
    // 13 is the line break before the answer, 6525 its first piece.
    assertThat(Run.of("generate", "--eos-token-id", "2,6525", CARD).out())
        .isEqualTo(Run.of("generate", "--max-new-tokens", "2", CARD).out());
    assertThat(Run.of("generate", "--eos-token-id", "13", CARD)).isEqualTo(new Run(0, "\n", ""));
  }

  static List<List<String>> wrongArguments() {
    return List.of(
        List.of("num_beams is 0, must be at least 1", "--num-beams", "0", "x"),
        List.of("num_beams is \"x\", must be an integer of 32 bits", "--num-beams", "x", "x"),
        List.of("\\d at character 2 is not an escape; expected \\n, \\t, \\\\ or \\uXXXX", "a\\d"),
        List.of(
            "prompts must come from only one of arguments, --prompt-file and --jsonl",
            "x",
            "--prompt-file",
            "y"),
        List.of("Missing required argument(s): --output=OUT", "--jsonl", "-"));
  }

  @ParameterizedTest
  @MethodSource("wrongArguments")
  void wrongArgumentsAreUsageErrors(List<String> messageAndArguments) {
    List<String> arguments = messageAndArguments.subList(1, messageAndArguments.size());
    Run run =
        Run.of(Stream.concat(Stream.of("generate"), arguments.stream()).toArray(String[]::new));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("polylm: ")
        .contains(messageAndArguments.get(0))
        .endsWith("Try 'polylm generate --help'.\n");
  }

  @Test
  void aPromptThatCantBeReadIsASentence() throws IOException {
    String missing = folder.resolve("missing.txt").toString();
    assertThat(Run.of("generate", "--prompt-file", missing))
        .isEqualTo(
            new Run(
                1,
                "",
                "polylm: %s: can't be read: there is no such file or folder\n".formatted(missing)));
    Path latin = folder.resolve("latin.txt");
    Files.write(latin, "Pékin".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(Run.of("generate", "--prompt-file", latin.toString()))
        .isEqualTo(new Run(1, "", "polylm: %s: is not UTF-8\n".formatted(latin)));
  }

  @Test
  void aPromptThatCantBeAnsweredIsASentence() {
    Run empty = Run.of("generate", "");
    assertThat(empty.status()).isEqualTo(1);
    assertThat(empty.err()).startsWith("polylm: ").hasLineCount(1).contains("prompt");
    Run tooLong = Run.of("generate", "word ".repeat(2000));
    assertThat(tooLong.status()).isEqualTo(1);
    assertThat(tooLong.err()).hasLineCount(1).contains("512");
  }
}

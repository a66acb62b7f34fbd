package dev.polylm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that go on with an items.jsonl that is not as a run left it. */
class ResumedRunTest {
  private static PolyLm model;
  private static String whole;

  @TempDir private static Path folder;

  @BeforeAll
  static void run() throws IOException {
    model = PolyLm.openEmbedded();
    evaluation().run(model);
    whole = Files.readString(items());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Evaluation evaluation() {
    return new Evaluation(
        EvaluationOptions.builder(PaperTasksTest.DATA, folder.resolve("report"))
            .tasks(List.of("paws-x", "wmt20"))
            .limit(2)
            .build());
  }

  private static Path items() {
    return folder.resolve("report/items.jsonl");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "(?m)^.*paws-x.,.index.:2,.*\\n | ~~ | lacks the answer to item 2 of paws-x",
        "(?m)^(.*paws-x.,.index.:2,.*\\n) | $1$1 | lacks the answer to item 3 of paws-x",
        "(?m)^(.*wmt20.,.index.:5,.*\\n) | $1$1 | lacks the answer to item 6 of wmt20",
        "index.:3, | index\":4, | lacks the answer to item 3 of paws-x",
        "log_likelihoods.:\\[[^,]*, | log_likelihoods\":[ | lacks the answer to item 0 of paws-x",
        "log_likelihoods.:\\[[^,]*, | log_likelihoods\":[\"-1\", | the answer to item 0 of paws-x",
        ".tokens.:\\[ | \"tokens\":[0, | lacks the answer to item 0 of paws-x",
        ".tokens.:\\[[0-9]* | \"tokens\":[-1 | lacks the answer to item 0 of paws-x",
        ".seconds.:[^}]*} | \"seconds\":\"1\"} | lacks the answer to item 0 of paws-x",
        ".answer.: | \"said\": | lacks the answer to item 0 of wmt20",
        ".new_tokens.:[0-9]* | \"new_tokens\":null | lacks the answer to item 0 of wmt20",
        "wmt20.,.index.:1, | wmt21\",\"index\":1, | has a line of none of the run's tasks",
        "$ | ~[]\n~ | has a line of none of the run's tasks",
        "$ | ~\n~ | has a line of none of the run's tasks"
      })
  void aDamagedJournalIsNotContinued(String pattern, String replacement, String message)
      throws IOException {
    String damaged = body().replaceFirst(pattern, replacement);
    assertThat(damaged).isNotEqualTo(body());
    Files.writeString(items(), header() + damaged);
    assertThatThrownBy(() -> evaluation().run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(items() + ": ")
        .hasMessageEndingWith(message + "; delete the file to begin again");
    assertThat(items()).hasContent(header() + damaged);
  }

  private static String header() {
    return whole.substring(0, whole.indexOf('\n') + 1);
  }

  private static String body() {
    return whole.substring(whole.indexOf('\n') + 1);
  }

  @Test
  void tasksOfOneNameWouldTakeEachOthersAnswers() throws IOException {
    Path yaml =
        Files.writeString(
            folder.resolve("task.yaml"),
            """
            task: paws-x
            dataset_path: json
            dataset_kwargs: {data_files: paws_de.jsonl}
            output_type: multiple_choice
            test_split: test
            doc_to_text: ""
            doc_to_target: label
            doc_to_choice: "{{[sentence1, sentence2]}}"
            """);
    EvaluationOptions options =
        EvaluationOptions.builder(
                Path.of("src/test/resources/harness/data"), folder.resolve("twice"))
            .tasks(List.of(yaml.toString(), folder.resolve("./task.yaml").toString()))
            .build();
    assertThatThrownBy(() -> new Evaluation(options).run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "the tasks are named [paws-x, paws-x], expected each name once; change paws-x in its"
                + " YAML file");
  }
}

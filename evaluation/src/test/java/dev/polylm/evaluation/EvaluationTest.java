package dev.polylm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.evaluation.report.Report;
import dev.polylm.evaluation.report.ReportFiles;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs, interrupted runs, and what can be wrong with files. */
class EvaluationTest {
  private static final List<String> TASKS = List.of("xnli", "paws-x", "wmt20");
  private static PolyLm model;

  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    model = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static EvaluationOptions options(Path data, Path output, String... tasks) {
    return EvaluationOptions.builder(data, output).tasks(List.of(tasks)).build();
  }

  private EvaluationOptions options(String... tasks) {
    return options(PaperTasksTest.DATA, folder.resolve("report"), tasks);
  }

  /** What a report says without the times, which are never the same. */
  private static String timeless(Report report) {
    return ReportFiles.json(report)
        .replaceAll("\"(seconds|tokens_per_second)\" : [0-9.E-]+", "\"$1\" : 0");
  }

  @Test
  void aRunThatWasKilledGoesOnAndGivesTheSameReport() throws Exception {
    String whole = timeless(new Evaluation(options("xnli", "paws-x", "wmt20")).run(model));
    Path output = folder.resolve("killed");
    Process process = new ProcessBuilder(Victim.command(output)).start();
    assertThat(process.getInputStream().read()).isEqualTo('1'); // it has answered some items
    process.destroyForcibly();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    Path items = output.resolve("items.jsonl");
    List<String> before = Files.readAllLines(items);
    assertThat(before).hasSizeBetween(2, 75);
    assertThat(output.resolve("report.json")).doesNotExist();
    // A process can be killed within a line, even within a character.
    Files.write(items, "{\"task\":\"中".getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
    Files.write(items, new byte[] {(byte) 0xE4}, StandardOpenOption.APPEND);

    Report resumed =
        new Evaluation(options(PaperTasksTest.DATA, output, TASKS.toArray(String[]::new)))
            .run(model);

    assertThat(timeless(resumed)).isEqualTo(whole);
    List<String> after = Files.readAllLines(items);
    assertThat(after).hasSize(1 + 75);
    assertThat(after.subList(0, before.size())).isEqualTo(before);
  }

  @Test
  void twoEvaluationsCantHaveOneOutput() throws Exception {
    AtomicReference<Throwable> second = new AtomicReference<>();
    EvaluationListener other =
        (task, done, total) -> {
          try {
            new Evaluation(options("paws-x")).run(model);
          } catch (PolyLmException e) {
            second.set(e);
          }
        };
    new Evaluation(options("paws-x"), other).run(model);
    String message =
        folder.resolve("report")
            + ": another evaluation writes there now; wait for its end or name another output";
    assertThat(second.get()).hasMessage(message);

    Process process = new ProcessBuilder(Victim.command(folder.resolve("process"))).start();
    assertThat(process.getInputStream().read()).isEqualTo('1');
    assertThatThrownBy(
            () ->
                new Evaluation(options(PaperTasksTest.DATA, folder.resolve("process"), "xnli"))
                    .run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("another evaluation writes there now");
    process.destroyForcibly().waitFor();
  }

  @Test
  void anotherRunsAnswersAreNotContinued() throws IOException {
    new Evaluation(options("paws-x")).run(model);
    assertThatThrownBy(() -> new Evaluation(options("xcopa")).run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining(
            "items.jsonl: holds another run, {\"format\":1,\"model\":\"polylm-tiny\"")
        .hasMessageEndingWith("delete the file or name another output");
    Path items = folder.resolve("report/items.jsonl");
    Files.writeString(items, "no JSON\n" + Files.readString(items));
    assertThatThrownBy(() -> new Evaluation(options("paws-x")).run(model))
        .hasMessage(items + ": line 1 is no JSON; delete the file to begin again");
  }

  @Test
  void languagesAndLimitsAreObeyed() {
    EvaluationOptions options =
        EvaluationOptions.builder(PaperTasksTest.DATA, folder.resolve("report"))
            .tasks(List.of("xnli", "wmt20"))
            .languages(List.of("de"))
            .limit(3)
            .shots(0)
            .build();
    Report report = new Evaluation(options).run(model);
    assertThat(report.tasks().get(0).rows())
        .singleElement()
        .satisfies(row -> assertThat(row.language()).isEqualTo("de"))
        .satisfies(row -> assertThat(row.items()).isEqualTo(3))
        .satisfies(row -> assertThat(row.paper()).isEqualTo(50.2));
    assertThat(report.tasks().get(1).rows())
        .singleElement()
        .satisfies(row -> assertThat(row.language()).isEqualTo("de-en"));
    assertThat(report.tasks().get(1).shots()).isZero();
  }

  @Test
  void theReportIsWrittenInThreeForms() throws IOException {
    new Evaluation(options("xnli")).run(model);
    assertThat(Files.readString(folder.resolve("report/report.md")))
        .startsWith("# Evaluation of polylm-tiny (weights fp32, cache fp32)\n\n## xnli\n\n")
        .contains("| language | items | accuracy | 95% | paper, 13B | seconds | tokens/s |")
        .containsPattern("\\| en \\| 9 \\| 11\\.1 \\| 2\\.0 to 43\\.5 \\| 54\\.6 \\| [0-9.]+ \\|")
        .containsPattern("\\| mean, languages of PolyLM \\|  \\| 41\\.2 \\|  \\| 46\\.9 \\|");
    assertThat(Files.readString(folder.resolve("report/report.html")))
        .startsWith("<!DOCTYPE html>")
        .contains("<td>11.1<span class=\"scale\"><span class=\"bar\" style=\"width: 11.1%\">")
        .doesNotContain("src=", "href=", "http");
    assertThat(Files.readString(folder.resolve("report/report.json")))
        .contains("\"name\" : \"xnli\"", "\"paper\" : 54.6", "\"prompt_form\" : \"base\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "xcopa/it/test.it.jsonl | {\"premise\": 1} | line 1: premise is 1, must be a text;"
            + " expected XCOPA's test file",
        "xcopa/it/test.it.jsonl | no JSON | line 1 is no JSON: ",
        "xcopa/it/test.it.jsonl | [] | line 1 is no JSON object, expected XCOPA's",
        "xcopa/it/test.it.jsonl | {\"premise\": \"a\", \"choice1\": \"b\", \"choice2\": \"c\","
            + " \"question\": \"why\", \"label\": 0} | question is \"why\", must be cause or"
            + " effect",
        "xcopa/it/test.it.jsonl | {\"premise\": \"a\", \"choice1\": \"b\", \"choice2\": \"c\","
            + " \"question\": \"cause\", \"label\": 2} | label is 2, must be a number from 0 to 1",
        "xcopa/it/test.it.jsonl | ~~ | test.it.jsonl: has no items, expected XCOPA's test file",
        "xnli/xnli.test.tsv | a b | the first line has the columns [a b], must have [language,"
            + " gold_label, sentence1, sentence2]; expected XNLI 1.0's test file",
        "xnli/xnli.test.tsv | language\tgold_label\tsentence1\tsentence2@en\tneutral\ta | line 2"
            + " has 3 columns, the first line 4; expected XNLI",
        "xnli/xnli.test.tsv | language\tgold_label\tsentence1\tsentence2@en\tmaybe\ta\tb | line 2"
            + " has gold_label \"maybe\", must be one of [entailment, neutral, contradiction]",
        "xwinograd/en.jsonl | {\"sentence\": \"a\", \"option1\": \"b\", \"option2\": \"c\","
            + " \"answer\": \"1\"} | sentence \"a\" must have the gap _, and answer \"1\" must be"
            + " 1",
        "tydiqa/tydiqa-goldp-v1.1-dev.json | {\"data\": [{\"paragraphs\": [{\"context\": \"a\","
            + " \"qas\": [{\"id\": \"x-1\", \"question\": \"q\", \"answers\": [{\"text\":"
            + " \"t\"}]}]}]}]} | data 0, paragraphs 0, qas 0: id is \"x-1\", must begin with one of"
            + " [Arabic,",
        "tydiqa/tydiqa-goldp-v1.1-dev.json | {\"data\": [{\"paragraphs\": [{\"context\": \"a\","
            + " \"qas\": [{\"id\": \"english-1\", \"question\": \"q\", \"answers\": [{\"text\":"
            + " \"t\"}]}]}]}]} | tydiqa-goldp-v1.1-train.json: is missing, expected the examples"
            + " of",
        "wmt20/newstest2020-deen-src.de.sgm | <doc></doc> | has no <seg>, expected WMT's sgm",
        "wmt20/newstest2020.de-en.de | a | newstest2020-deen-ref.en.sgm: is missing, expected"
            + " WMT's",
        "mtg/title/test.en.jsonl | {\"document\": \"a\"} | train.en.jsonl: is missing, expected MTG"
      })
  void aBrokenFileIsNamed(String file, String content, String message) throws IOException {
    Path path = folder.resolve("data").resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content.replace('@', '\n'));
    List<String> kinds = List.of("story", "question", "summary");
    for (String kind : file.startsWith("mtg") ? kinds : List.<String>of()) {
      Path other = folder.resolve("data/mtg/" + kind);
      Files.createDirectories(other);
      for (String part : List.of("test.en.jsonl", "train.en.jsonl")) {
        Files.copy(PaperTasksTest.DATA.resolve("mtg/" + kind).resolve(part), other.resolve(part));
      }
    }
    String task = file.substring(0, file.indexOf('/'));
    EvaluationOptions options = options(folder.resolve("data"), folder.resolve("report"), task);
    assertThatThrownBy(() -> new Evaluation(options).run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(folder.resolve("data").resolve(task).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "xnli | xnli/xnli.test.tsv: is missing, expected XNLI 1.0's test file, columns",
        "xcopa | xcopa/id/test.id.jsonl: is missing, expected XCOPA's test file, on each line a",
        "paws-x | paws-x/en/test_2k.tsv: is missing, expected PAWS-X's test file, columns",
        "xwinograd | xwinograd/en.jsonl: is missing, expected XWinograd's file, on each line",
        "tydiqa | tydiqa-goldp-v1.1-dev.json: is missing, expected TyDiQA-GoldP 1.1's file in",
        "mtg | mtg/story/test.zh.jsonl: is missing, expected MTG's file, on each line a JSON",
        "wmt20 | newstest2020-deen-src.de.sgm: is missing, expected WMT's sgm with a <seg> for"
      })
  void aMissingFileIsNamedWithItsForm(String task, String message) {
    assertThatThrownBy(
            () -> new Evaluation(options(folder, folder.resolve("report"), task)).run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining(message.replace('/', File.separatorChar));
  }

  @Test
  void wrongOptionsAreNamed() {
    assertThatThrownBy(() -> options())
        .hasMessage("there are no tasks and no texts, expected at least one");
    assertThatThrownBy(() -> options("xnli", "xnli"))
        .hasMessage("the tasks are [xnli, xnli], expected each once");
    assertThatThrownBy(() -> new Evaluation(options("xnl")).run(model))
        .hasMessageStartingWith("task \"xnl\" is unknown, must be one of [xnli, xcopa, paws-x,");
    EvaluationOptions.Builder builder =
        EvaluationOptions.builder(PaperTasksTest.DATA, folder).tasks(List.of("paws-x"));
    assertThatThrownBy(() -> builder.limit(0).build()).hasMessage("limit is 0, must be at least 1");
    assertThatThrownBy(() -> builder.limit(1).shots(-1).build())
        .hasMessage("shots is -1, must be at least 0");
    EvaluationOptions unknown = builder.shots(0).languages(List.of("xx")).build();
    assertThatThrownBy(() -> new Evaluation(unknown).run(model))
        .hasMessage(
            "language \"xx\" is in none of the tasks, must be one of [de, en, es, fr, ja, ko, zh]");
    EvaluationOptions missing = builder.languages(List.of("ko")).build();
    assertThatThrownBy(() -> new Evaluation(missing).run(model))
        .hasMessageContaining("test_2k.tsv: is missing, expected PAWS-X's test file");
  }

  /** Evaluates in a process of its own, which says when it has answered some items. */
  static final class Victim {
    private Victim() {}

    /**
     * Runs an evaluation.
     *
     * @param args the output folder
     */
    public static void main(String[] args) {
      EvaluationOptions options =
          options(PaperTasksTest.DATA, Path.of(args[0]), TASKS.toArray(String[]::new));
      EvaluationListener listener =
          (task, done, total) -> {
            System.out.print("1");
            System.out.flush();
            if (done < total) {
              waitUntilKilled();
            }
          };
      try (PolyLm polyLm = PolyLm.openEmbedded()) {
        new Evaluation(options, listener).run(polyLm);
      }
    }

    private static void waitUntilKilled() {
      try {
        System.in.read(); // nobody writes
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static List<String> command(Path output) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-Xmx512m", "-XX:-UsePerfData", "-cp"));
      command.add(System.getProperty("java.class.path"));
      command.addAll(List.of(Victim.class.getName(), output.toString()));
      return command;
    }
  }
}

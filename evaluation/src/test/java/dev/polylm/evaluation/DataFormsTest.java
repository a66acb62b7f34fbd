package dev.polylm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of data sets as they are found, and what is wrong with some of them. */
class DataFormsTest {
  private static final String XNLI = "xnli/xnli.test.tsv";
  private static final String SOURCE = "wmt20/newstest2020-deen-src.de.sgm";
  private static final String REFERENCE = "wmt20/newstest2020-deen-ref.en.sgm";
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

  private void write(String file, String content) throws IOException {
    Path path = folder.resolve("data").resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private Evaluation evaluation(String task, int shots) {
    return new Evaluation(
        EvaluationOptions.builder(folder.resolve("data"), folder.resolve("report"))
            .tasks(List.of(task))
            .shots(shots)
            .build());
  }

  /** Evaluates, and returns the lines of items.jsonl. */
  private List<JsonNode> items(String task) throws IOException {
    evaluation(task, 0).run(model);
    List<JsonNode> items = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("report/items.jsonl"))) {
      items.add(new ObjectMapper().readTree(line));
    }
    return items.subList(1, items.size());
  }

  @Test
  void segmentsOfSgmAreReadWhateverTheirTagsLookLike() throws IOException {
    write(
        SOURCE,
        """
        <srcset setid="newstest2020" srclang="any">
        <doc origlang='de' docid="d>1">
        <p><SEG note="a > b" id="1" >
          Er  sagt\u00a0&#8222;Ja&#x201C; &amp;lt; &unknown; &#xD800; &lt;b&gt;
        </SEG>
        <seg id='2'>Q&A</seg></p>
        </doc></srcset>
        """);
    write(
        REFERENCE,
        "<refset><doc docid='d>1'><seg id=1>One.</seg>\n<seg id=2>Two.</seg></doc></refset>");
    List<JsonNode> items = items("wmt20");
    assertThat(items).hasSize(2);
    assertThat(items.get(0).get("prompt").textValue())
        .isEqualTo(
            "Er sagt „Ja“ &lt; &unknown; &#55296; <b> Translate this sentence from German to"
                + " English.\n");
    assertThat(items.get(1).get("prompt").textValue()).startsWith("Q&A Translate");
    assertThat(items.get(1).get("references").get(0).textValue()).isEqualTo("Two.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "<seg id='1'>a</seg><seg id='3'>b</seg> | src.de.sgm: sentence 2 is seg 3, in ",
        "<seg id='1'>a</seg><seg id='3'>b</seg> | ref.en.sgm it is seg 2; expected the same",
        "<doc docid='d'><seg id='1'>a</seg></doc><seg id='2'>b</seg> | sentence 1 is doc d, seg 1,",
        "<seg id='1'/><seg id='2'>b</seg> | src.de.sgm: seg 1 has no text, expected WMT's sgm",
        "<seg id='1'> </seg><seg id='2'>b</seg> | src.de.sgm: seg 1 has no text, expected WMT's",
        "<seg id='1'>a <seg id='2'>b</seg> | src.de.sgm: seg 1 has no </seg>, expected WMT's sgm",
        "<seg id='1'>a</seg><seg id='2'>b | src.de.sgm: seg 2 has no </seg>, expected WMT's sgm",
        "<seg id='1'>a</seg> | has 1 sentences, ",
      })
  void sentencesThatDontBelongTogetherAreNoPair(String source, String message) throws IOException {
    write(SOURCE, source);
    write(REFERENCE, "<seg id='1'>A</seg><seg id='2'>B</seg>");
    assertThatThrownBy(() -> evaluation("wmt20", 0).run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anEmptyLineIsNoSentence() throws IOException {
    write("wmt20/newstest2020.de-en.de", "a\r\n\r\nb\r\n");
    write("wmt20/newstest2020.de-en.en", "A\n\nB\n");
    assertThatThrownBy(() -> evaluation("wmt20", 0).run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("newstest2020.de-en.de: line 2 is empty, expected WMT's sgm");
  }

  @Test
  void examplesAreNotOfTwoSets() throws IOException {
    write("wmt20/newstest2020.de-en.de", "a\n");
    write("wmt20/newstest2020.de-en.en", "A\n");
    write("wmt20/newstest2019.de-en.de", "b\n");
    write("wmt20/newsdev2020.de-en.de", "c\n");
    write("wmt20/newsdev2020.de-en.en", "C\n");
    assertThatThrownBy(() -> evaluation("wmt20", 1).run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("newstest2019-deen-ref.en.sgm: is missing, expected WMT's");
  }

  @Test
  void pairsWithoutATranslationAreLeftOut() throws IOException {
    write(
        "paws-x/de/test_2k.tsv",
        "id\tsentence1\tsentence2\tlabel\n1\t\tzwei\t1\n2\teins\t \t0\n3\teins\tzwei\t0\n");
    List<JsonNode> items = items("paws-x");
    assertThat(items).hasSize(1);
    assertThat(items.get(0).get("options").get(0).get("text").textValue())
        .isEqualTo("eins, richtig? Nein, zwei");
  }

  @Test
  void anEmptySentenceIsNamed() throws IOException {
    write(XNLI, "language\tgold_label\tsentence1\tsentence2\nen\tneutral\ta\t\n");
    assertThatThrownBy(() -> evaluation("xnli", 0).run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining(
            "xnli.test.tsv: line 2 has an empty sentence2, must have a text; expected XNLI 1.0's");
  }

  @Test
  void aFolderInPlaceOfAFileIsNotMissing() throws IOException {
    Files.createDirectories(folder.resolve("data").resolve(XNLI));
    assertThatThrownBy(() -> evaluation("xnli", 0).run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("xnli.test.tsv: is no file, expected XNLI 1.0's test file");
  }

  /** White space that Python strips, and a byte order mark and line ends of another system. */
  @Test
  void aPremiseEndsWhereItEndsForPython() throws IOException {
    write(
        "xcopa/it/test.it.jsonl",
        "\uFEFF{\"premise\": \"Piove.\u00a0\", \"choice1\": \"A\", \"choice2\": \"B\","
            + " \"question\": \"effect\", \"label\": 1}\r\n");
    assertThat(items("xcopa").get(0).get("options").get(0).get("text").textValue())
        .isEqualTo("Piove quindi a");
  }

  @ParameterizedTest
  @CsvSource({
    "xnli, xnli/xnli.test.tsv, ~",
    "xnli, xnli/xnli.test.tsv, language\tgold_label\tsentence1\tsentence2@en\t~\ta\tb",
    "xcopa, xcopa/it/test.it.jsonl, '{\"premise\": \"a\", \"choice1\": \"b\", \"choice2\": \"c\","
        + " \"question\": \"~\", \"label\": 0}'",
    "xwinograd, xwinograd/en.jsonl, '{\"sentence\": \"~\", \"option1\": \"b\", \"option2\": \"c\","
        + " \"answer\": \"1\"}'",
    "tydiqa, tydiqa/tydiqa-goldp-v1.1-dev.json, '{\"data\": [{\"paragraphs\": [{\"context\":"
        + " \"a\", \"qas\": [{\"id\": \"~\", \"question\": \"q\", \"answers\": [{\"text\":"
        + " \"t\"}]}]}]}]}'"
  })
  void aMessageQuotesTheBeginningOfALongText(String task, String file, String content)
      throws IOException {
    write(file, content.replace('@', '\n').replace("~", "x".repeat(100_000)));
    assertThatThrownBy(() -> evaluation(task, 0).run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("xxx...")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
  }
}

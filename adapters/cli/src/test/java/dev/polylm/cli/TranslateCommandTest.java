package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranslateCommandTest {
  private static final int LINES = 5000;
  private static final String BEIJING = "Beijing is the capital of China.";

  @TempDir private Path folder;
  private Path in;
  private Path out;

  @BeforeEach
  void nameFiles() {
    in = folder.resolve("in.txt");
    out = folder.resolve("out.txt");
  }

  private Run translate(String... more) {
    return Run.of(
        Stream.concat(
                Stream.of("translate", "--from", "en", "--to", "Chinese", in.toString()),
                Arrays.stream(more))
            .toArray(String[]::new));
  }

  @Test
  void translatesLinesInOrder() throws IOException {
    Files.writeString(in, BEIJING + "\n\n  Paris is the capital of France.\r\n" + BEIJING);
    Run run = translate("-o", out.toString());
    assertThat(run.status()).isZero();
    assertThat(out).hasContent("北京是中国的首都。\n\n巴黎是法国的首都。\n北京是中国的首都。\n");
    assertThat(run.err())
        .matches("Translated 4 lines in 0:00:\\d\\d \\(\\d+\\.\\d lines/s\\)\\.\n");
    assertThat(translate("--quiet")).isEqualTo(new Run(0, Files.readString(out), ""));
  }

  @Test
  void translatesTermsAsAGlossarySays() throws IOException {
    Path glossary = folder.resolve("terms.tsv");
    Files.writeString(glossary, "beijing\t中国\tPeking\n\nking\tKönig\nFrance\t法兰西\n");
    Files.writeString(in, BEIJING + "\nParis is the capital of France.\nThis is Beijing's.\n");
    Run run = translate("--num-beams", "4", "--quiet", "--glossary", glossary.toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.outLines()).hasSize(3);
    assertThat(run.outLines().get(0)).containsAnyOf("中国", "Peking").doesNotContain("König");
    assertThat(run.outLines().get(1)).contains("法兰西");
    assertThat(run.outLines().get(2)).containsAnyOf("中国", "Peking");
    assertThat(translate("--num-beams", "4", "--quiet").out()).doesNotContain("法兰西");
  }

  @Test
  void aGlossaryNeedsBeamsAndTranslations() throws IOException {
    Path glossary = Files.writeString(folder.resolve("terms.tsv"), "Beijing\t北京\n");
    Files.writeString(in, BEIJING);
    Run greedy = translate("--glossary", glossary.toString());
    assertThat(greedy.status()).isEqualTo(2);
    assertThat(greedy.err()).contains("--glossary needs beams, such as --num-beams 4");
    Files.writeString(glossary, "Beijing\t北京\n\nParis\n");
    Run wrong = translate("--num-beams", "4", "--glossary", glossary.toString());
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err())
        .contains(glossary + ": line 3 is Paris, expected a term, a tab and a translation");
  }

  @Test
  void translatesTheTextsOfJsonObjects() {
    Run run =
        Run.withInput(
            """
            {"id": 7, "text": "Beijing is the capital of China."}
            {"text": "Beijing is the capital of China.", "to": "de"}
            {"text": "Beijing is the capital of China.", "to": "tlh"}
            {"text": 5}
            """,
            "translate",
            "--from=en",
            "--to=zh",
            "--jsonl",
            "--quiet");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).isEmpty();
    assertThat(run.outLines().subList(0, 2))
        .containsExactly(
            "{\"id\":7,\"text\":\"%s\",\"translation\":\"北京是中国的首都。\"}".formatted(BEIJING),
            "{\"text\":\"%s\",\"to\":\"de\",\"translation\":\"Peking ist die Hauptstadt von China.\"}"
                .formatted(BEIJING));
    assertThat(run.outLines().get(2))
        .startsWith(
            "{\"text\":\"%s\",\"to\":\"tlh\",\"error\":\"language \\\"tlh\\\" is unknown"
                .formatted(BEIJING));
    assertThat(run.outLines().get(3))
        .isEqualTo("{\"text\":5,\"error\":\"text is a JSON number, must be a text\"}");
  }

  @Test
  void aLineThatCantBeTranslatedKeepsItsPlace() throws IOException {
    Files.writeString(in, BEIJING + "\n" + "word ".repeat(2000) + "\n" + BEIJING + "\n");
    Run run = translate("-o", out.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(out).hasContent("北京是中国的首都。\n\n北京是中国的首都。\n");
    assertThat(run.err()).startsWith("Line 2 of " + in + ": ").contains(", 1 failed.");
  }

  @Test
  void replacesNothingUnasked() throws IOException {
    Files.writeString(in, BEIJING + "\n");
    Files.writeString(out, "precious\n");
    Run run = translate("-o", out.toString());
    assertThat(run)
        .isEqualTo(
            new Run(
                1,
                "",
                """
                polylm: %s: exists, and would be replaced
                --resume continues it, --force replaces it.
                """
                    .formatted(out)));
    assertThat(out).hasContent("precious\n");
    assertThat(translate("-o", out.toString(), "--force").status()).isZero();
    assertThat(out).hasContent("北京是中国的首都。\n");
    assertThat(translate("-o", in.toString(), "--force").err())
        .contains("expected two different files");
  }

  @Test
  void resumesAfterTheLastWholeLine() throws IOException {
    Files.writeString(in, BEIJING + "\n" + BEIJING + "\nParis is the capital of France.\n");
    Files.writeString(out, "done\nhal");
    assertThat(translate("-o", out.toString(), "--resume").status()).isZero();
    assertThat(out).hasContent("done\n北京是中国的首都。\n巴黎是法国的首都。\n");
    Files.writeString(in, BEIJING + "\n");
    Run run = translate("-o", out.toString(), "--resume");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("has 3 lines, more than the 1 of " + in);
    assertThat(translate("--resume").status()).isEqualTo(2);
  }

  /** The Turkish i has no dot in upper case, and İ has one. */
  @Test
  void languagesAreKnownInEveryLocale() throws IOException {
    Files.writeString(in, BEIJING + "\n");
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(new Locale("tr", "TR"));
      assertThat(translate("--to", "INDONESIAN").status()).isEqualTo(2); // --to is there twice
      Run run = Run.of("translate", "--from=EN", "--to=ITALIAN", in.toString(), "--quiet");
      assertThat(run.status()).isZero();
      assertThat(run.out()).contains("Pechino");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void wrongLanguagesAreUsageErrors() {
    assertThat(Run.of("translate", "--from=en", "--to=en").status()).isEqualTo(2);
    Run run = Run.of("translate", "--from=en", "--to=klingon");
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("language \"klingon\" is unknown, expected one of zh (Chinese)");
  }

  /** Kills the command without warning, three times. */
  @Test
  void aKilledRunIsResumedWithoutALostOrDoubledLine() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      lines.add(i % 25 == 0 ? "Line %d of China.".formatted(i) : ""); // an empty line takes no time
    }
    Files.write(in, lines);
    assertThat(translate("-o", folder.resolve("whole").toString(), "--max-new-tokens=2").status())
        .isZero();
    for (int kills = 1; kills <= 3; kills++) {
      killAfter(kills * 1000);
    }
    assertThat(translate("-o", out.toString(), "--resume", "--max-new-tokens=2").status()).isZero();
    assertThat(out).hasSameTextualContentAs(folder.resolve("whole"));
  }

  /** Starts the command and kills it when its output has some lines. */
  private void killAfter(int lines) throws Exception {
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(
                ProcessTest.command(
                    "translate --from en --to zh --resume --max-new-tokens=2 -o %s %s"
                        .formatted(out, in)
                        .split(" ")))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    while (lineCount() < lines && process.isAlive()) {
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
    process.destroyForcibly().waitFor();
    assertThat(lineCount()).as(Files.readString(said)).isBetween((long) lines, LINES - 1L);
  }

  private long lineCount() throws IOException {
    if (!Files.exists(out)) {
      return 0;
    }
    String text = Files.readString(out, StandardCharsets.ISO_8859_1); // it may end in a character
    return text.chars().filter(c -> c == '\n').count();
  }
}

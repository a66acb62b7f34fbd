package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of terms as people write them. */
final class GlossaryTest {
  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("terms.tsv"), text, StandardCharsets.UTF_8);
  }

  /** Phrases that were compiled before are the same object, so this compares phrases. */
  private static Constraint containing(String... phrases) {
    return Constraint.containing(List.of(phrases).stream().map(List::of).toList());
  }

  @Test
  void aByteOrderMarkLineEndsOfWindowsAndBlankLinesAreNoText() throws IOException {
    Glossary glossary =
        Glossary.read(file("\uFEFFbank\tBank\r\n\r\n  \t \r\nriver\t Fluss \t\r\n"));
    assertThat(glossary.constraint("The bank of the river.")).isSameAs(containing("Bank", "Fluss"));
    assertThat(glossary.constraint("A bank.")).isSameAs(containing("Bank"));
    assertThat(glossary.constraint("A riverbank.")).isNull();
    assertThat(Glossary.read(file("")).constraint("bank")).isNull();
  }

  /** Both would else have to occur, since each line's term is found in any case. */
  @Test
  void linesOfOneTermInAnyCaseAreAlternatives() throws IOException {
    Glossary glossary = Glossary.read(file("Bank\tBank\nbank\tUfer\tBank\nBANK\tGeldhaus\n"));
    Constraint any = Constraint.containing(List.of(List.of("Bank", "Ufer", "Geldhaus")));
    for (String text : List.of("the bank", "the Bank", "THE BANK")) {
      assertThat(glossary.constraint(text)).isSameAs(any);
    }
    Glossary greek = Glossary.read(file("ΟΔΟΣ\tStraße\nοδοσ\tWeg\n"));
    assertThat(greek.constraint("οδοσ"))
        .isSameAs(Constraint.containing(List.of(List.of("Straße", "Weg"))));
  }

  @Test
  void oneTranslationOfTwoTermsNeedsOnePlace() throws IOException {
    Glossary glossary = Glossary.read(file("lorry\tLastwagen\ntruck\tLastwagen\n"));
    assertThat(glossary.constraint("a lorry or truck")).isSameAs(containing("Lastwagen"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Paris", "Paris  Parigi", "Paris\t", "Paris\t \t", "\tParigi", "\ta\tb"})
  void aLineNeedsATermAndATranslation(String line) throws IOException {
    Path file = file("Beijing\t北京\n\n" + line + "\n");
    assertThatThrownBy(() -> Glossary.read(file))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(file + ": line 3 is ")
        .hasMessageEndingWith(", expected a term, a tab and a translation");
  }
}

package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.TypeConversionException;

class EscapesTest {
  @Test
  void turnsEscapesIntoCharacters() {
    assertThat(convert("a\\nb\\tc\\\\n \\u5317\\uD83D\\uDE00 é")).isEqualTo("a\nb\tc\\n 北😀 é");
    assertThat(convert("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"a\\d, \\d, 2", "\\, \\, 1", "ab\\u12, \\u12, 3", "\\u12g4, \\u12g4, 1"})
  void refusesWhatIsNoEscape(String argument, String found, int character) {
    assertThatThrownBy(() -> convert(argument))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage(
            "%s at character %d is not an escape; expected \\n, \\t, \\\\ or \\uXXXX"
                .formatted(found, character));
  }

  private static String convert(String argument) {
    return new Escapes().convert(argument);
  }
}

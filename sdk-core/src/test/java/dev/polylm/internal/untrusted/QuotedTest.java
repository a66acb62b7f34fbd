package dev.polylm.internal.untrusted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotedTest {

  @ParameterizedTest
  @ValueSource(
      ints = {0, 7, 0x1b, 0x7f, 0x85, 0x9b, 0x2028, 0x2029, 0x202e, 0x2066, 0x2069, 0xd800, 0xdfff})
  void whatWouldTakeHoldOfATerminalIsAQuestionMark(int codePoint) {
    String text = "a" + new String(new int[] {codePoint}, 0, 1) + "[31m";
    assertThat(Quoted.of(text)).isEqualTo("a?[31m");
    assertThat(Quoted.line(text)).isEqualTo("a?[31m");
    assertThat(new PolyLmException(text)).hasMessage("a?[31m");
    assertThat(new PolyLmException(text, new IllegalStateException())).hasMessage("a?[31m");
  }

  @Test
  void aMessageIsOneLine() {
    assertThat(Quoted.line("a\r\nb\tc")).isEqualTo("a  b c");
    assertThat(Quoted.of("a\r\nb\tc")).isEqualTo("a??b?c");
  }

  @Test
  void whatAllCanReadStays() {
    String text = "北京 café שלום नमस्ते 👩‍👩‍👧 \\n";
    assertThat(Quoted.of(text)).isEqualTo(text);
    assertThat(Quoted.line(text)).isSameAs(text);
  }

  @Test
  void aValueIsNotLong() {
    assertThat(Quoted.of("x".repeat(120))).isEqualTo("x".repeat(120));
    assertThat(Quoted.of("x".repeat(121))).isEqualTo("x".repeat(120) + "...");
    assertThat(Quoted.line("x".repeat(500))).hasSize(500);
    // A cut between the halves of a pair leaves none.
    assertThat(Quoted.of("x".repeat(119) + "😀")).isEqualTo("x".repeat(119) + "?...");
  }
}

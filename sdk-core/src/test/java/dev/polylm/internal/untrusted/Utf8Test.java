package dev.polylm.internal.untrusted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8Test {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void oneByteOrderMarkIsDropped() throws CharacterCodingException {
    assertThat(Utf8.decode(bytes("\uFEFFa\uFEFF"))).isEqualTo("a\uFEFF");
    assertThat(Utf8.decode(bytes("\uFEFF\uFEFFa"))).isEqualTo("\uFEFFa");
    assertThat(Utf8.decode(bytes("\uFEFF"))).isEmpty();
    assertThat(Utf8.decode(bytes(""))).isEmpty();
    assertThat(Utf8.decode(bytes("a\r\n"))).isEqualTo("a\r\n");
  }

  @Test
  void aPromptHasPlainLineBreaksAndNoneAtItsEnd() throws CharacterCodingException {
    assertThat(Utf8.decodePrompt(bytes("\uFEFFa\r\nb\r\n\r\n"))).isEqualTo("a\nb\n");
    assertThat(Utf8.decodePrompt(bytes("a\nb\n"))).isEqualTo("a\nb");
    assertThat(Utf8.decodePrompt(bytes("a\rb\r"))).isEqualTo("a\rb\r");
    assertThat(Utf8.decodePrompt(bytes("\n"))).isEmpty();
  }

  @Test
  void otherBytesAreRefused() {
    assertThatThrownBy(() -> Utf8.decode(new byte[] {'a', (byte) 0xff}))
        .isInstanceOf(CharacterCodingException.class);
    assertThatThrownBy(() -> Utf8.decodePrompt(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}))
        .isInstanceOf(CharacterCodingException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'', -1",
    "'a\uD83D\uDE00b', -1",
    "'\uD83D', 0",
    "'a\uDE00', 1",
    "'\uD83D\uDE00\uD83D', 2",
    "'\uD83D\uD83D\uDE00', 0",
    "'ab\uDE00\uD83D', 2"
  })
  void halvesOfPairsAreFound(String text, int index) {
    assertThat(Utf8.loneSurrogate(text)).isEqualTo(index);
  }
}

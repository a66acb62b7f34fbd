package dev.polylm.internal.untrusted;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads texts from bytes of files, request bodies and streams, all in the same way. */
public final class Utf8 {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Utf8() {}

  /**
   * Returns the text of some bytes, without the byte order mark that some editors put before it.
   *
   * @throws CharacterCodingException if the bytes are not UTF-8
   */
  public static String decode(byte[] bytes) throws CharacterCodingException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
  }

  /**
   * Returns the text of a prompt file. It decodes the bytes as {@link #decode} does, gives line
   * breaks the form that the model was trained on, and removes a line break at the very end.
   *
   * @throws CharacterCodingException if the bytes are not UTF-8
   */
  public static String decodePrompt(byte[] bytes) throws CharacterCodingException {
    String text = decode(bytes).replace("\r\n", "\n");
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }

  /**
   * Returns the index of half of a surrogate pair, which is not a character, or -1 if there is
   * none.
   */
  public static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return i;
      }
    }
    return -1;
  }
}

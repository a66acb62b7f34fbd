package dev.polylm.jakarta.openai;

import dev.polylm.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** How log-probabilities name ids. */
final class TokenSpelling {
  private TokenSpelling() {}

  /**
   * The text of an id; what is no whole character is spelled as OpenAI's API does, a special token
   * as the vocabulary does.
   */
  static String of(Tokenizer tokenizer, int id) {
    byte[] bytes = tokenizer.bytes(id);
    if (bytes.length == 0) {
      return tokenizer.pieces(new int[] {id}).get(0);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      StringBuilder text = new StringBuilder("bytes:");
      for (byte one : bytes) {
        text.append("\\x%02x".formatted(one & 0xff));
      }
      return text.toString();
    }
  }

  /** A name that no other id has, for one whose text another has too. */
  static String unique(int id) {
    return "token_id:" + id;
  }
}

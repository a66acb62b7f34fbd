package dev.polylm.jakarta.openai;

import dev.polylm.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Spells ids for log-probabilities. */
final class TokenSpelling {
  private TokenSpelling() {}

  /**
   * Returns the text of an id. Parts of characters are spelled as in OpenAI's API, special tokens
   * as in the vocabulary.
   */
  static String of(Tokenizer tokenizer, int id) {
    byte[] bytes = tokenizer.bytes(id);
    if (bytes.length == 0) {
      return tokenizer.pieces(new int[] {id}).get(0);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return "bytes:" + HexFormat.of().withPrefix("\\x").formatHex(bytes);
    }
  }

  /** Returns a unique name for an id whose text another id has too. */
  static String unique(int id) {
    return "token_id:" + id;
  }
}

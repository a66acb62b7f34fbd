package dev.polylm.internal.search;

import dev.polylm.internal.constraint.mask.TokenVocabulary;
import dev.polylm.tokenizer.StreamingDecoder;
import dev.polylm.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;

/** The bytes that a tokenizer's ids add to an answer, as its decoder writes them. */
final class TokenizerVocabulary implements TokenVocabulary {
  private static final String BOUNDARY = "\u2581";
  private static final int NONE = -1;

  private final Tokenizer tokenizer;
  private final BitSet text = new BitSet();
  private final int boundaryId;

  TokenizerVocabulary(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    int boundary = NONE;
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      text.set(id, id != tokenizer.unkTokenId() && tokenizer.bytes(id).length > 0);
      if (text.get(id) && piece(id).equals(BOUNDARY)) {
        boundary = id;
      }
    }
    boundaryId = boundary;
  }

  private String piece(int id) {
    List<String> pieces = tokenizer.pieces(new int[] {id});
    return pieces.get(0);
  }

  @Override
  public int size() {
    return tokenizer.vocabSize();
  }

  @Override
  public boolean isText(int id) {
    return text.get(id);
  }

  @Override
  public byte[] bytes(int id) {
    return tokenizer.bytes(id);
  }

  @Override
  public byte[] firstBytes(int id) {
    return begun(id, NONE);
  }

  @Override
  public byte[] leadingBytes(int id) {
    return begun(id, boundaryId);
  }

  /** Returns the bytes that an id adds after a boundary that is not written, or after nothing. */
  private byte[] begun(int id, int before) {
    byte[] bytes = tokenizer.bytes(id);
    if (bytes[0] != ' ' || !piece(id).startsWith(BOUNDARY)) {
      return bytes; // only word boundaries are dropped
    }
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    String boundary = before == NONE ? "" : decoder.accept(before);
    return (boundary + decoder.accept(id)).getBytes(StandardCharsets.UTF_8);
  }
}

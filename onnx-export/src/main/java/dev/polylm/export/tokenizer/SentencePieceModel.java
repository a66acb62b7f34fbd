package dev.polylm.export.tokenizer;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * The contents of a tokenizer.model.
 *
 * @param bpe whether it is byte pair encoding, else unigram
 * @param pieces by id
 * @param byteFallback whether characters that no piece has are spelled in bytes
 * @param precompiledCharsMap the normalizer's rules, empty for none
 * @param removeExtraWhitespaces whether the normalizer turns runs of spaces into one and strips the
 *     ends
 */
record SentencePieceModel(
    boolean bpe,
    List<Piece> pieces,
    boolean byteFallback,
    ByteString precompiledCharsMap,
    boolean removeExtraWhitespaces) {

  /** {@code ModelProto.SentencePiece.Type}. */
  enum PieceType {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    BYTE
  }

  /**
   * @param score unigram: log probability; BPE: pieces with a higher score are merged earlier
   */
  record Piece(String text, float score, PieceType type) {}

  /** Returns the id of the piece for text that no other piece has. */
  int unkId() {
    int id = 0;
    while (pieces.get(id).type() != PieceType.UNKNOWN) {
      id++;
    }
    return id;
  }
}

package dev.polylm.export.tokenizer;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * What a tokenizer.model holds.
 *
 * @param bpe byte pair encoding, else unigram
 * @param pieces by id
 * @param byteFallback characters that no piece has are spelled in bytes
 * @param precompiledCharsMap the normalizer's rules, empty for none
 * @param removeExtraWhitespaces the normalizer makes runs of spaces one and strips the ends
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
   * @param score unigram: log probability; BPE: the higher, the earlier it is merged
   */
  record Piece(String text, float score, PieceType type) {}

  /** The id of the piece for what no other piece has. */
  int unkId() {
    int id = 0;
    while (pieces.get(id).type() != PieceType.UNKNOWN) {
      id++;
    }
    return id;
  }
}

package dev.polylm.export.tokenizer;

import com.google.protobuf.ByteString;
import dev.polylm.PolyLmException;

/**
 * Checks a {@code precompiled_charsmap}. It holds the size of a trie in 4 bytes, the trie, and the
 * texts that it leads to, each followed by a zero byte ({@code
 * Normalizer::DecodePrecompiledCharsMap} of SentencePiece v0.2.0).
 */
final class CharsMapRules {
  /** The map of nmt_nfkc_cf, the largest that SentencePiece ships, takes 0.3 MB. */
  private static final int MAX_BYTES = 4 << 20;

  /**
   * The longest of NFKC, for U+FDFA, takes 33. Without a limit, a letter could become a megabyte.
   */
  private static final int MAX_TEXT_BYTES = 256;

  private static final String NAME = "normalizer_spec.precompiled_charsmap";

  private CharsMapRules() {}

  /**
   * @param map empty for none
   * @throws PolyLmException if the map has another form, or maps a character to a long text
   */
  static void check(ByteString map) {
    if (map.isEmpty()) {
      return;
    }
    if (map.size() > MAX_BYTES) {
      throw new PolyLmException(
          "%s has %s bytes, expected at most %s".formatted(NAME, map.size(), MAX_BYTES));
    }
    long trie = map.size() < Integer.BYTES ? -1 : trieBytes(map);
    if (trie < 0 || trie % Integer.BYTES != 0 || trie > map.size() - Integer.BYTES) {
      throw new PolyLmException(
          "%s has %s bytes and states a trie of %s, expected one that fits"
              .formatted(NAME, map.size(), trie));
    }
    int length = 0;
    for (int at = (int) trie + Integer.BYTES; at < map.size(); at++) {
      length = map.byteAt(at) == 0 ? 0 : length + 1;
      if (length > MAX_TEXT_BYTES) {
        throw new PolyLmException(
            "%s has a text of more than %s bytes for a character".formatted(NAME, MAX_TEXT_BYTES));
      }
    }
  }

  private static long trieBytes(ByteString map) {
    long bytes = 0;
    for (int i = Integer.BYTES - 1; i >= 0; i--) {
      bytes = bytes << Byte.SIZE | (map.byteAt(i) & 0xff);
    }
    return bytes;
  }
}

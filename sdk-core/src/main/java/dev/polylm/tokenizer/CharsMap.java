package dev.polylm.tokenizer;

import dev.polylm.PolyLmException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * SentencePiece's {@code precompiled_charsmap}: rules from character sequences to what replaces
 * them.
 *
 * <p>The blob is a little-endian size, a double-array trie over UTF-8 bytes of that size, and the
 * replacements, each ended by a zero byte ({@code Normalizer::DecodePrecompiledCharsMap} in
 * SentencePiece v0.2.0, {@code src/normalizer.cc}; the trie's units are those of darts-clone 0.32).
 */
final class CharsMap {
  private static final int HAS_LEAF = 1 << 8;

  /** The label's bits; the highest bit marks a leaf, which has no label. */
  private static final int LABEL = 0x80000000 | 0xFF;

  private final IntBuffer units;
  private final byte[] replacements;

  /**
   * @throws PolyLmException where the blob is cut or its sizes contradict each other
   */
  CharsMap(byte[] blob) {
    ByteBuffer bytes = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    int trieBytes = blob.length < Integer.BYTES ? -1 : bytes.getInt();
    if (trieBytes < Integer.BYTES
        || trieBytes % Integer.BYTES != 0
        || trieBytes > bytes.remaining()) {
      throw new PolyLmException(
          "precompiled_charsmap: has %d bytes and says that its trie has %d, expected a multiple of 4 within the blob"
              .formatted(blob.length, trieBytes));
    }
    units = bytes.slice(Integer.BYTES, trieBytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    replacements = new byte[blob.length - Integer.BYTES - trieBytes];
    bytes.get(Integer.BYTES + trieBytes, replacements);
  }

  /**
   * @param length chars of the text that the rule replaces
   * @param replacement what they become, perhaps nothing
   */
  record Rule(int length, String replacement) {}

  /** The longest rule that applies at a position, or null where none does. */
  @Nullable Rule longestAt(String text, int start) {
    int node = 0;
    int value = -1;
    int length = 0;
    int position = start;
    while (position < text.length()) {
      int codePoint = text.codePointAt(position);
      node = walk(node, codePoint);
      if (node < 0) {
        break;
      }
      position += Character.charCount(codePoint);
      int leaf = children(node);
      if ((units.get(node) & HAS_LEAF) != 0 && leaf < units.limit()) {
        value = units.get(leaf) & Integer.MAX_VALUE;
        length = position - start;
      }
    }
    return value < 0 ? null : new Rule(length, replacement(value));
  }

  private int walk(int node, int codePoint) {
    if (codePoint < 0x80) {
      return step(node, codePoint);
    }
    if (codePoint < 0x800) {
      return step(step(node, 0xC0 | (codePoint >> 6)), trail(codePoint));
    }
    if (codePoint < 0x10000) {
      int second = step(step(node, 0xE0 | (codePoint >> 12)), trail(codePoint >> 6));
      return step(second, trail(codePoint));
    }
    int second = step(step(node, 0xF0 | (codePoint >> 18)), trail(codePoint >> 12));
    return step(step(second, trail(codePoint >> 6)), trail(codePoint));
  }

  private static int trail(int codePoint) {
    return 0x80 | (codePoint & 0x3F);
  }

  /** The node below, or -1. A lying offset leads to a unit that does not exist, so to -1. */
  private int step(int node, int label) {
    if (node < 0) {
      return -1;
    }
    int child = children(node) ^ label;
    return child < units.limit() && (units.get(child) & LABEL) == label ? child : -1;
  }

  /** Where the units below a node begin; its leaf is the one for label 0. */
  private int children(int node) {
    int unit = units.get(node);
    return node ^ ((unit >>> 10) << ((unit & (1 << 9)) >>> 6));
  }

  private String replacement(int start) {
    int end = start;
    while (end < replacements.length && replacements[end] != 0) {
      end++;
    }
    if (end >= replacements.length) {
      throw new PolyLmException(
          "precompiled_charsmap: a rule points at byte %d of %d bytes of replacements"
              .formatted(start, replacements.length));
    }
    return new String(replacements, start, end - start, StandardCharsets.UTF_8);
  }
}

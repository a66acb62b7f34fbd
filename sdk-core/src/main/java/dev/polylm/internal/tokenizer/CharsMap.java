package dev.polylm.internal.tokenizer;

import dev.polylm.PolyLmException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * SentencePiece's {@code precompiled_charsmap}: rules that replace character sequences.
 *
 * <p>The blob is a little-endian size, a double-array trie over UTF-8 bytes of that size, and the
 * replacements, each ended by a zero byte ({@code Normalizer::DecodePrecompiledCharsMap} in
 * SentencePiece v0.2.0, {@code src/normalizer.cc}; the trie's units are those of darts-clone 0.32).
 */
final class CharsMap {
  private static final int HAS_LEAF = 1 << 8;

  /** The bits of the label. The highest bit marks a leaf, which has no label. */
  private static final int LABEL = 0x80000000 | 0xFF;

  /**
   * The largest replacement. The longest of nmt_nfkc has 33 bytes. The limit keeps a rule from
   * turning a letter into a megabyte.
   */
  private static final int MAX_REPLACEMENT_BYTES = 256;

  private final int[] units;
  private final byte[] replacements;

  /** The node that each char leads to from the root, or -1. */
  private final int[] firstNodes = new int[1 << Character.SIZE];

  /**
   * @throws PolyLmException if the blob is cut, its sizes contradict each other, or a replacement
   *     is too long
   */
  CharsMap(byte[] blob) {
    ByteBuffer bytes = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
    int trieBytes = blob.length < Integer.BYTES ? -1 : bytes.getInt();
    if (trieBytes < Integer.BYTES
        || trieBytes % Integer.BYTES != 0
        || trieBytes > bytes.remaining()) {
      throw new PolyLmException(
          "precompiled_charsmap: has %s bytes and says that its trie has %s, expected a multiple of 4 within the blob"
              .formatted(blob.length, trieBytes));
    }
    units = new int[trieBytes / Integer.BYTES];
    bytes.asIntBuffer().get(units);
    replacements = Arrays.copyOfRange(blob, Integer.BYTES + trieBytes, blob.length);
    checkReplacements();
    Arrays.setAll(firstNodes, c -> walk(0, c));
  }

  private void checkReplacements() {
    int start = 0;
    for (int i = 0; i < replacements.length; i++) {
      if (replacements[i] == 0) {
        start = i + 1;
      } else if (i - start >= MAX_REPLACEMENT_BYTES) {
        throw new PolyLmException(
            "precompiled_charsmap: the replacement at byte %s has more than %s bytes"
                .formatted(start, MAX_REPLACEMENT_BYTES));
      }
    }
  }

  /**
   * Applies the longest rule that matches at a position of a text, and appends its replacement,
   * which may be empty.
   *
   * @param text well-formed UTF-16
   * @return how many chars of the text the rule replaces, or 0 if no rule matches
   * @throws PolyLmException if the rule points outside the replacements
   */
  int appendLongest(String text, int start, CharList result) {
    int value = -1;
    int length = 0;
    int position = start;
    int node = 0;
    while (position < text.length()) {
      node = next(node, text, position);
      if (node < 0) {
        break;
      }
      position += Character.isHighSurrogate(text.charAt(position)) ? 2 : 1;
      int leaf = children(node);
      if ((units[node] & HAS_LEAF) != 0 && leaf < units.length) {
        value = units[leaf] & Integer.MAX_VALUE;
        length = position - start;
      }
    }
    if (length > 0) {
      String replacement = replacement(value);
      result.append(replacement, 0, replacement.length());
    }
    return length;
  }

  private int next(int node, String text, int position) {
    char c = text.charAt(position);
    return node == 0 && !Character.isSurrogate(c)
        ? firstNodes[c]
        : walk(node, text.codePointAt(position));
  }

  /** Returns the node that a character leads to, or -1. */
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

  /**
   * Returns the node below, or -1. A wrong offset leads to a unit that does not exist, and so to
   * -1.
   */
  private int step(int node, int label) {
    if (node < 0) {
      return -1;
    }
    int child = children(node) ^ label;
    return child < units.length && (units[child] & LABEL) == label ? child : -1;
  }

  /** Returns the start of the units below a node. Its leaf is the unit for label 0. */
  private int children(int node) {
    int unit = units[node];
    return node ^ ((unit >>> 10) << ((unit & (1 << 9)) >>> 6));
  }

  private String replacement(int start) {
    int end = start;
    while (end < replacements.length && replacements[end] != 0) {
      end++;
    }
    if (end >= replacements.length) {
      throw new PolyLmException(
          "precompiled_charsmap: a rule points at byte %s of %s bytes of replacements"
              .formatted(start, replacements.length));
    }
    return new String(replacements, start, end - start, StandardCharsets.UTF_8);
  }
}

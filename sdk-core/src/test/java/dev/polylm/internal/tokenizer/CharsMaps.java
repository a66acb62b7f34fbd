package dev.polylm.internal.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a precompiled_charsmap: each unit of the double array has 256 places for its children. */
final class CharsMaps {
  static final int HAS_LEAF = 1 << 8;
  static final int LEAF = 1 << 31;

  private final List<int[]> blocks = new ArrayList<>(List.of(new int[256]));
  private final StringBuilder replacements = new StringBuilder();

  private CharsMaps() {}

  /** A blob of rules: what each key becomes. */
  static byte[] of(Map<String, String> rules) {
    CharsMaps maps = new CharsMaps();
    Map<String, String> bytes = new TreeMap<>();
    rules.forEach((from, to) -> bytes.put(latin(from), to));
    maps.add(0, "", bytes);
    int[] units = maps.blocks.stream().flatMapToInt(java.util.Arrays::stream).toArray();
    return blob(units, maps.replacements.toString());
  }

  /** A blob of any units and replacements. */
  static byte[] blob(int[] units, String replacements) {
    byte[] texts = replacements.getBytes(UTF_8);
    ByteBuffer blob =
        ByteBuffer.allocate(Integer.BYTES * (units.length + 1) + texts.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(Integer.BYTES * units.length);
    for (int unit : units) {
      blob.putInt(unit);
    }
    return blob.put(texts).array();
  }

  /** UTF-8, a char for each byte. */
  private static String latin(String text) {
    return new String(text.getBytes(UTF_8), java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private void add(int node, String prefix, Map<String, String> rules) {
    int base = 256 * blocks.size();
    blocks.add(new int[256]);
    int label = prefix.isEmpty() ? 0 : prefix.charAt(prefix.length() - 1);
    int leaf = rules.containsKey(prefix) ? HAS_LEAF : 0;
    set(node, ((node ^ base) << 10) | leaf | label);
    if (leaf != 0) {
      set(base, LEAF | replacements.toString().getBytes(UTF_8).length);
      replacements.append(rules.get(prefix)).append('\0');
    }
    for (char next = 1; next < 256; next++) {
      String longer = prefix + next;
      if (rules.keySet().stream().anyMatch(rule -> rule.startsWith(longer))) {
        add(base ^ next, longer, rules);
      }
    }
  }

  private void set(int unit, int value) {
    blocks.get(unit / 256)[unit % 256] = value;
  }
}

package dev.polylm.internal.tokenizer;

import java.util.Arrays;

/**
 * Texts by their chars: each step from a node along a char is an entry of one hash table, so that
 * 256,000 pieces take some 15 MB and open at once. Thread-safe once filled.
 */
final class PieceTrie {
  static final int ROOT = 0;

  /** No such node, or no text that ends at one. */
  static final int NONE = -1;

  /** What a step's entry has for the node that it leads to. */
  private static final int NODE_BITS = 24;

  private static final int NODE_MASK = (1 << NODE_BITS) - 1;
  private static final int FIRST_CAPACITY = 1 << 4;

  /** 2 to the power of 64 by the golden ratio: spreads keys that differ in few bits. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /** Nodes by the char that leads to them from the root, {@link #ROOT} where there is none. */
  private int[] first = {};

  /** Node and char, above the node that they lead to; 0 where nothing is. */
  private long[] steps = new long[FIRST_CAPACITY];

  /** By node: the id of the text that ends there plus 1, above a bit that tells of children. */
  private int[] nodes = new int[FIRST_CAPACITY];

  private int size = 1;

  /** The node behind a char, {@link #NONE} where there is none. */
  int child(int node, char label) {
    if (node == ROOT) {
      return label < first.length && first[label] != ROOT ? first[label] : NONE;
    }
    if ((nodes[node] & 1) == 0) {
      return NONE;
    }
    long step = steps[slot(key(node, label))];
    return step == 0 ? NONE : (int) step & NODE_MASK;
  }

  /** The id of a text, {@link #NONE} where it has none. */
  int idOf(CharSequence text) {
    return idOf(text, text.length());
  }

  /** The id of a text's beginning, {@link #NONE} where it has none. */
  int idOf(CharSequence text, int length) {
    int node = ROOT;
    for (int i = 0; i < length && node != NONE; i++) {
      node = child(node, text.charAt(i));
    }
    return node == NONE ? NONE : id(node);
  }

  /** The id of the text that ends at a node, {@link #NONE} where none does. */
  int id(int node) {
    return (nodes[node] >>> 1) - 1;
  }

  /**
   * Gives a text its id.
   *
   * @param text not empty
   * @return the id that it had before, {@link #NONE} where it had none
   */
  int put(CharSequence text, int id) {
    int node = ROOT;
    for (int i = 0; i < text.length(); i++) {
      node = node == ROOT ? firstOrNew(text.charAt(i)) : childOrNew(node, text.charAt(i));
    }
    int before = id(node);
    nodes[node] = ((id + 1) << 1) | (nodes[node] & 1);
    return before;
  }

  private int firstOrNew(char label) {
    if (label >= first.length) {
      first = Arrays.copyOf(first, 2 * Integer.highestOneBit(label | 1));
    }
    if (first[label] == ROOT) {
      first[label] = newNode();
    }
    return first[label];
  }

  private int childOrNew(int node, char label) {
    long key = key(node, label);
    int slot = slot(key);
    if (steps[slot] != 0) {
      return (int) steps[slot] & NODE_MASK;
    }
    int child = newNode();
    nodes[node] |= 1;
    steps[slot] = (key << NODE_BITS) | child;
    if (2 * size > steps.length) {
      grow();
    }
    return child;
  }

  private int newNode() {
    if (size > NODE_MASK) {
      throw new IllegalStateException("a trie has %d nodes at the most".formatted(size));
    }
    if (size == nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * size);
    }
    return size++;
  }

  private void grow() {
    long[] old = steps;
    steps = new long[2 * old.length];
    for (long step : old) {
      if (step != 0) {
        steps[slot(step >>> NODE_BITS)] = step;
      }
    }
  }

  private static long key(int node, char label) {
    return ((long) node << Character.SIZE) | label;
  }

  /** Where a key is, or would be: half of the table is empty, so the search ends soon. */
  private int slot(long key) {
    int mask = steps.length - 1;
    int shift = Integer.numberOfLeadingZeros(mask) + Integer.SIZE;
    int slot = (int) ((key * SPREAD) >>> shift);
    while (steps[slot] != 0 && steps[slot] >>> NODE_BITS != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}

package dev.polylm.internal.tokenizer;

import java.util.Arrays;

/**
 * A trie of texts. Each step from a node along a char is an entry in one hash table, so 256,000
 * pieces take about 15 MB and load at once. Thread-safe after it is filled.
 */
final class TextTrie {
  static final int ROOT = 0;

  /** Means that there is no such node, or that no text ends at it. */
  static final int NONE = -1;

  /** The number of bits of a step's entry for the node that it leads to. */
  private static final int NODE_BITS = 24;

  private static final int NODE_MASK = (1 << NODE_BITS) - 1;
  private static final int FIRST_CAPACITY = 1 << 4;

  /** 2 to the power of 64, divided by the golden ratio. It spreads keys that differ in few bits. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /** The node that each char leads to from the root, or {@link #ROOT} if there is none. */
  private int[] first = {};

  /**
   * A node and a char in the upper bits, and the node that they lead to in the lower bits; 0 if the
   * entry is free.
   */
  private long[] steps = new long[FIRST_CAPACITY];

  /**
   * For each node the id of the text that ends there plus 1, above a bit that says whether it has
   * children.
   */
  private int[] nodes = new int[FIRST_CAPACITY];

  private int size = 1;

  /** Returns the node after a char, or {@link #NONE} if there is none. */
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

  /** Returns the id of a text, or {@link #NONE} if it has none. */
  int idOf(CharSequence text) {
    return idOf(text, text.length());
  }

  /** Returns the id of a text's beginning, or {@link #NONE} if it has none. */
  int idOf(CharSequence text, int length) {
    int node = ROOT;
    for (int i = 0; i < length && node != NONE; i++) {
      node = child(node, text.charAt(i));
    }
    return node == NONE ? NONE : id(node);
  }

  /** Returns the id of the text that ends at a node, or {@link #NONE} if none does. */
  int id(int node) {
    return (nodes[node] >>> 1) - 1;
  }

  /**
   * Gives a text its id.
   *
   * @param text not empty
   * @return the id that it had before, or {@link #NONE} if it had none
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
      throw new IllegalStateException("a trie has at most %s nodes".formatted(size));
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

  /**
   * Returns the place of a key, or the place where it would be. Half of the table is empty, so the
   * search ends soon.
   */
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

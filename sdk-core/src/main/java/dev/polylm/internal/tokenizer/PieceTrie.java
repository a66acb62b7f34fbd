package dev.polylm.internal.tokenizer;

import java.util.Arrays;

/**
 * Texts by their chars: each step from a node along a char is an entry of one hash table, so that
 * 256,000 pieces take some 20 MB and open at once. Not changed once read; then thread-safe.
 */
final class PieceTrie {
  static final int ROOT = 0;

  /** No such node, or no text that ends at one. */
  static final int NONE = -1;

  private static final int FIRST_CAPACITY = 1 << 10;

  /** 2 to the power of 64 by the golden ratio: spreads keys that differ in few bits. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  /** A node plus 1, and the char that leads on from it; 0 where nothing is. */
  private long[] keys = new long[FIRST_CAPACITY];

  /** Where the step of the same index leads. */
  private int[] children = new int[FIRST_CAPACITY];

  /** By node. */
  private int[] ids = {NONE};

  private int nodes = 1;

  /** The node behind a char, {@link #NONE} where there is none. */
  int child(int node, char label) {
    return children[slot(key(node, label))] - 1;
  }

  /** The node of a text, {@link #NONE} where no text begins with it. */
  int find(CharSequence text) {
    int node = ROOT;
    for (int i = 0; i < text.length() && node != NONE; i++) {
      node = child(node, text.charAt(i));
    }
    return node;
  }

  /** The id of a text, {@link #NONE} where it has none. */
  int idOf(CharSequence text) {
    int node = find(text);
    return node == NONE ? NONE : ids[node];
  }

  /** The id of the text that ends at a node, {@link #NONE} where none does. */
  int id(int node) {
    return ids[node];
  }

  /**
   * Gives a text its id.
   *
   * @return the id that it had before, {@link #NONE} where it had none
   */
  int put(CharSequence text, int id) {
    int node = ROOT;
    for (int i = 0; i < text.length(); i++) {
      node = childOrNew(node, text.charAt(i));
    }
    int before = ids[node];
    ids[node] = id;
    return before;
  }

  private int childOrNew(int node, char label) {
    long key = key(node, label);
    int slot = slot(key);
    if (keys[slot] == key) {
      return children[slot] - 1;
    }
    if (nodes == ids.length) {
      ids = Arrays.copyOf(ids, 2 * nodes);
      Arrays.fill(ids, nodes, ids.length, NONE);
    }
    keys[slot] = key;
    children[slot] = ++nodes;
    if (2 * nodes > keys.length) {
      grow();
    }
    return nodes - 1;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldChildren = children;
    keys = new long[2 * oldKeys.length];
    children = new int[2 * oldKeys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        children[slot] = oldChildren[i];
      }
    }
  }

  private static long key(int node, char label) {
    return (node + 1L) << Character.SIZE | label;
  }

  /** Where a key is, or would be: half of the table is empty, so the search ends soon. */
  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) (key * SPREAD >>> Long.numberOfLeadingZeros(mask));
    while (keys[slot] != key && keys[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}

package dev.polylm.internal.constraint.term;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A map from non-negative longs to terms, without an object for each key. Not thread-safe. */
final class LongMap {
  private static final long FREE = -1;

  private long[] keys = filled(256);
  private @Nullable Term[] values = new Term[256];
  private int size;

  @Nullable Term get(long key) {
    return values[slot(key)];
  }

  void put(long key, Term value) {
    if (2 * size > keys.length) {
      grow();
    }
    int slot = slot(key);
    if (keys[slot] == FREE) {
      size++;
    }
    keys[slot] = key;
    values[slot] = value;
  }

  int size() {
    return size;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    long mixed = key * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 32) & mask;
    while (keys[slot] != FREE && keys[slot] != key) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable Term[] oldValues = values;
    keys = filled(2 * oldKeys.length);
    values = new Term[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != FREE) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }

  private static long[] filled(int length) {
    long[] keys = new long[length];
    Arrays.fill(keys, FREE);
    return keys;
  }
}

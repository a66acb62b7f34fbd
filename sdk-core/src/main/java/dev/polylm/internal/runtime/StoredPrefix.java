package dev.polylm.internal.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Ids and their keys and values, in a cache of one row of exactly that length.
 *
 * @param ids [length]
 * @param cache a cache of one row, whose capacity is the length
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, never compared
record StoredPrefix(int[] ids, KeyValueCache cache) implements CachedPrefix {
  @Override
  public CachedPrefix copy(int length) {
    return new StoredPrefix(Arrays.copyOf(ids, length), cache.copyOfRow(0, length));
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    cache.writeTo(out);
  }

  @Override
  public void close() {
    cache.close();
  }
}

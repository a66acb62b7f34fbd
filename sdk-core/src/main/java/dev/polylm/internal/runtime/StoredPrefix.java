package dev.polylm.internal.runtime;

import dev.polylm.internal.adapter.LoadedAdapter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ids and their keys and values, in a cache of one row of exactly that length.
 *
 * @param ids [length]
 * @param adapter what they were read with, or null
 * @param cache a cache of one row, whose capacity is the length
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, never compared
record StoredPrefix(int[] ids, @Nullable LoadedAdapter adapter, KeyValueCache cache)
    implements CachedPrefix {
  @Override
  public CachedPrefix copy(int length) {
    return new StoredPrefix(Arrays.copyOf(ids, length), adapter, cache.copyOfRow(0, length));
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

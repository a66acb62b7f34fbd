package dev.polylm.runtime;

/**
 * Ids and their keys and values, in a cache of one row that is just as long.
 *
 * @param ids [length]
 * @param cache of one row, its capacity the length
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, never compared
record StoredPrefix(int[] ids, KeyValueCache cache) implements CachedPrefix {
  @Override
  public void close() {
    cache.close();
  }
}

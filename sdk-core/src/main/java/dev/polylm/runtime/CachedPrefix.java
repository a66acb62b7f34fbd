package dev.polylm.runtime;

/**
 * Ids with their keys and values, apart from the rows of a run, kept to be read from again.
 *
 * <p>Immutable until it is closed; for one thread at a time.
 */
public interface CachedPrefix extends AutoCloseable {
  /** The ids, at least one; not to be changed. */
  int[] ids();

  /** Frees the memory; idempotent. */
  @Override
  void close();
}

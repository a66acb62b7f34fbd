package dev.polylm.internal.runtime;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Ids with their keys and values, apart from the rows of a run, kept to be read from again.
 *
 * <p>Immutable until it is closed; for one thread at a time.
 */
public interface CachedPrefix extends AutoCloseable {
  /** Returns the ids, at least one; not to be changed. */
  int[] ids();

  /** Returns a copy of the first ids with their keys and values. */
  CachedPrefix copy(int length);

  /** Writes the keys and values, for {@link Decoder#readPrefix}. */
  void writeTo(OutputStream out) throws IOException;

  /** Frees the memory; idempotent. */
  @Override
  void close();
}

package dev.polylm.internal.runtime;

import dev.polylm.internal.adapter.LoadedAdapter;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Ids with their keys and values, kept outside the rows of a run for later use.
 *
 * <p>Immutable until it is closed. Only one thread at a time may use it.
 */
public interface CachedPrefix extends AutoCloseable {
  /** Returns the ids, at least one. Don't change them. */
  int[] ids();

  /** Returns the adapter that the ids were read with, or null if there is none. */
  @Nullable LoadedAdapter adapter();

  /** Returns a copy of the first ids with their keys and values. */
  CachedPrefix copy(int length);

  /** Writes the keys and values, for {@link Decoder#readPrefix}. */
  void writeTo(OutputStream out) throws IOException;

  /** Frees the memory; idempotent. */
  @Override
  void close();
}

package dev.polylm.internal.adapter;

import dev.polylm.Adapter;
import dev.polylm.PolyLmException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A loaded adapter. Its handle and each request that uses it count as users; the last one frees its
 * numbers. What was computed with it is known by this object. Thread-safe.
 */
public final class LoadedAdapter implements Adapter {
  private final String name;
  private final Adapters model;
  private final int rank;
  private final Runnable freed;
  private @Nullable Map<String, AdapterMatrix> matrices; // by name; null when freed
  private int users = 1; // guarded by this, as the next one
  private boolean closed;

  /**
   * @param model what the adapter was loaded for
   * @param freed is called when the numbers are freed
   */
  LoadedAdapter(String name, Adapters model, Map<String, AdapterMatrix> matrices, Runnable freed) {
    this.name = name;
    this.model = model;
    this.matrices = matrices;
    this.freed = freed;
    this.rank =
        matrices.values().stream().mapToInt(matrix -> matrix.shape().rank()).max().orElseThrow();
  }

  /**
   * Returns an adapter as what {@link Adapters#load} loaded for a model.
   *
   * @param model null for a model whose graph takes no adapters
   * @throws PolyLmException if another model loaded it, or it is closed
   */
  public static LoadedAdapter of(Adapter adapter, @Nullable Adapters model) {
    if (!(adapter instanceof LoadedAdapter loaded) || loaded.model != model) {
      throw new PolyLmException(
          "the adapter %s was loaded by another model, expected one of this model"
              .formatted(adapter.name()));
    }
    loaded.checkOpen();
    return loaded;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String sha256() {
    Map<String, AdapterMatrix> numbers = matrices();
    if (numbers == null) {
      throw closed();
    }
    return AdapterHash.of(numbers.values());
  }

  /** Returns the highest rank of its changes. */
  public int rank() {
    return rank;
  }

  /** Returns the changed matrices by name, or null if they have been freed. */
  public synchronized @Nullable Map<String, AdapterMatrix> matrices() {
    return matrices;
  }

  private synchronized void checkOpen() {
    if (closed) {
      throw closed();
    }
  }

  private PolyLmException closed() {
    return new PolyLmException("the adapter %s is closed".formatted(name));
  }

  /**
   * Adds a user.
   *
   * @throws PolyLmException if it is closed
   */
  public synchronized void retain() {
    checkOpen();
    users++;
  }

  /** Removes a user. */
  public void release() {
    synchronized (this) {
      users--;
      if (users > 0) {
        return;
      }
      matrices = null;
    }
    freed.run();
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    release();
  }

  @Override
  public String toString() {
    return name;
  }
}

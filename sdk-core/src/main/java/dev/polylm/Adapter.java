package dev.polylm;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A low-rank adapter that {@link PolyLm#loadAdapter} loaded. Requests choose it by {@link
 * dev.polylm.generation.GenerationRequest#withAdapter}; {@link PolyLm#withAdapter} chooses it for
 * all that a handle does.
 *
 * <pre>{@code
 * try (Adapter legal = polyLm.loadAdapter(Path.of("legal.adapter"))) {
 *   System.out.println(polyLm.generate(GenerationRequest.ofPrompt("...").withAdapter(legal)));
 * }
 * }</pre>
 *
 * <p>Thread-safe. It belongs to the model that loaded it, and all handles of that model can use it.
 */
public interface Adapter extends AutoCloseable {
  /** Returns the adapter of a handle that {@link PolyLm#withAdapter} made, or null. */
  static @Nullable Adapter of(PolyLm handle) {
    requireNonNull(handle, "handle must not be null");
    return handle.adapter;
  }

  /** Returns the name of its file, without the ending. */
  String name();

  /**
   * Returns the SHA-256 of its numbers in hexadecimal digits, which tells it from other adapters of
   * the same name.
   *
   * @throws PolyLmException if it is closed and no longer used
   */
  String sha256();

  /**
   * Refuses further requests. Those that have begun go on, and the weights are freed after the last
   * of them. Further calls have no effect.
   */
  @Override
  void close();
}

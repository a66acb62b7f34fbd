package dev.polylm.internal.delivery;

import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The text of an answer, piece by piece, while it is made on another thread. Close cancels the
 * generation. For one thread at a time, but for close.
 */
final class TextIterator implements Iterator<String>, AutoCloseable {
  private static final String END = "";

  // As long as the answer at the most; a piece is never empty, so that the empty one can be the
  // end.
  private final BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
  private final GenerationHandle handle;
  private @Nullable String next;

  TextIterator(GenerationRequest request, Function<GenerationRequest, GenerationHandle> starter) {
    handle = starter.apply(request.withTextListener(pieces::add));
    handle.completion().whenComplete((result, failure) -> pieces.add(END));
  }

  /**
   * @throws RuntimeException what the generation has thrown
   */
  @Override
  public boolean hasNext() {
    if (next == null) {
      next = take();
    }
    if (next.isEmpty()) {
      handle.result(); // throws what the generation has thrown
      return false;
    }
    return true;
  }

  /** The next piece. An interrupt cancels the generation, whose last pieces then follow. */
  private String take() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return pieces.take();
        } catch (InterruptedException e) {
          interrupted = true;
          handle.cancel();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the answer has ended");
    }
    String piece = next == null ? take() : next;
    next = null;
    return piece;
  }

  @Override
  public void close() {
    handle.cancel();
  }
}

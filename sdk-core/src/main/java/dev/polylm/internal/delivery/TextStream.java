package dev.polylm.internal.delivery;

import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.GenerationStream;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A generation whose pieces the caller takes on its own thread. */
final class TextStream implements GenerationStream {
  private final Generation generation;
  private final Iterator<String> unread = new Unread();
  private volatile boolean cancelExpected;

  /**
   * @param knowsResult whether the reader learns from the result that the model was closed; else
   *     that is an error
   */
  TextStream(Generation generation, boolean knowsResult) {
    this.generation = generation;
    this.cancelExpected = knowsResult;
  }

  private final class Unread implements Iterator<String> {
    private @Nullable String next; // null until it is requested

    @Override
    public boolean hasNext() {
      boolean ended = peek().isEmpty();
      if (ended) {
        checkEnd();
      }
      return !ended;
    }

    private String peek() {
      String piece = next == null ? generation.nextPiece() : next;
      next = piece;
      return piece;
    }

    @Override
    public String next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the answer has ended");
      }
      String piece = peek();
      next = null;
      return piece;
    }
  }

  /** Throws the generation's exception, or one if neither it nor its reader ended the answer. */
  private void checkEnd() {
    GenerationResult result = generation.result();
    if (!cancelExpected && !Thread.currentThread().isInterrupted() && Closed.cut(result)) {
      throw Closed.exception(result);
    }
  }

  @Override
  public Iterator<String> iterator() {
    return unread;
  }

  @Override
  public Stream<String> pieces() {
    int characteristics = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(unread, characteristics), false)
        .onClose(this::close);
  }

  @Override
  public GenerationResult result() {
    return generation.result();
  }

  @Override
  public void cancel() {
    cancelExpected = true;
    generation.cancel();
  }

  @Override
  public void close() {
    cancel();
  }
}

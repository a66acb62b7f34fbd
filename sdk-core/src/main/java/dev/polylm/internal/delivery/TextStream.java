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

  TextStream(Generation generation) {
    this.generation = generation;
  }

  private final class Unread implements Iterator<String> {
    private @Nullable String next; // null until it is requested

    @Override
    public boolean hasNext() {
      boolean ended = peek().isEmpty();
      if (ended) {
        generation.result(); // throws the generation's exception
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
    generation.cancel();
  }

  @Override
  public void close() {
    generation.cancel();
  }
}

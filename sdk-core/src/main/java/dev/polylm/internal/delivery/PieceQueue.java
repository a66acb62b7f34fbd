package dev.polylm.internal.delivery;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A queue of an answer's pieces, from the thread that runs the model to the thread that reads them.
 * So a slow reader stalls nobody else. The queue holds at most the pieces of the whole answer.
 * Thread-safe.
 */
final class PieceQueue implements Consumer<String> {
  private static final String END = ""; // a piece is never empty

  private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
  private volatile Runnable reader = () -> {};

  @Override
  public void accept(String piece) {
    queue.add(piece);
    reader.run();
  }

  /** Marks the end: no piece follows. */
  void end() {
    accept(END);
  }

  /** Sets a reader that receives each piece, on the thread that adds it. It must not wait. */
  void onPiece(Runnable newReader) {
    reader = newReader;
    newReader.run();
  }

  /** Waits for the next piece and takes it. At the end it always returns an empty text. */
  String take() throws InterruptedException {
    String piece = queue.take();
    if (piece.isEmpty()) {
      queue.add(END);
    }
    return piece;
  }

  /** Takes the next piece, or returns null if there is none. The end stays in the queue. */
  @Nullable String poll() {
    String piece = queue.poll(); // a look before it could miss an end that comes in between
    if (END.equals(piece)) {
      queue.add(END);
      return null;
    }
    return piece;
  }

  /** Returns true if all pieces have been taken and no other follows. */
  boolean atEnd() {
    return END.equals(queue.peek());
  }
}

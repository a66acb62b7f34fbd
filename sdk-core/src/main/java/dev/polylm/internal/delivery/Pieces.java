package dev.polylm.internal.delivery;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of one answer on their way from the thread that runs the model to the one that reads
 * them, so that what is done with them stalls nobody else. There are as many as the answer has at
 * the most. Thread-safe.
 */
final class Pieces implements Consumer<String> {
  private static final String END = ""; // a piece is never empty

  private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
  private volatile Runnable reader = () -> {};

  @Override
  public void accept(String piece) {
    queue.add(piece);
    reader.run();
  }

  /** Says that no piece follows. */
  void end() {
    accept(END);
  }

  /** Has a reader told, on the thread that adds a piece, that there is one; it must not wait. */
  void onPiece(Runnable newReader) {
    reader = newReader;
    newReader.run();
  }

  /** Takes the next piece, and waits for it; empty at the end, as often as it is asked for. */
  String take() throws InterruptedException {
    String piece = queue.take();
    if (piece.isEmpty()) {
      queue.add(END);
    }
    return piece;
  }

  /** Takes the next piece, null if there is none. */
  @Nullable String poll() {
    return atEnd() ? null : queue.poll();
  }

  /** True when all pieces have been taken and no other follows. */
  boolean atEnd() {
    return END.equals(queue.peek());
  }
}

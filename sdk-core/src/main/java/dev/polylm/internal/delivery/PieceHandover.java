package dev.polylm.internal.delivery;

import dev.polylm.internal.decoding.DecodingTicket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Hands pieces of text from the thread that runs the model to the one that waits for the answer, so
 * that what a listener does with them stalls nobody else.
 */
final class PieceHandover implements Consumer<String> {
  private static final String END = ""; // a piece is never empty

  private final BlockingQueue<String> pieces = new LinkedBlockingQueue<>();

  @Override
  public void accept(String piece) {
    pieces.add(piece);
  }

  /**
   * Gives the pieces to a listener on the calling thread until the task has ended. An interrupt of
   * the thread cancels the task and is kept; so does what the listener throws, which is thrown.
   */
  void giveUntilTheEnd(DecodingTicket ticket, Consumer<String> listener) {
    ticket.onEnd(() -> pieces.add(END));
    boolean interrupted = false;
    try {
      for (boolean ended = false; !ended; ) {
        try {
          String piece = pieces.take();
          ended = piece.isEmpty();
          if (!ended) {
            listener.accept(piece);
            interrupted |= interruptCancels(ticket);
          }
        } catch (InterruptedException e) {
          interrupted = true;
          ticket.cancel();
        }
      }
    } catch (RuntimeException | Error e) {
      ticket.cancel();
      throw e;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean interruptCancels(DecodingTicket ticket) {
    boolean interrupted = Thread.interrupted();
    if (interrupted) {
      ticket.cancel();
    }
    return interrupted;
  }

  /** Gives what has come since the end. */
  void giveRest(Consumer<String> listener) {
    for (String piece = pieces.poll(); piece != null; piece = pieces.poll()) {
      listener.accept(piece);
    }
  }
}

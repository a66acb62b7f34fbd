package dev.polylm.generation;

import dev.polylm.runtime.DecodingTicket;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntConsumer;

/**
 * Hands new ids from the thread that runs the model to the one that waits for the answer, so that
 * what a listener does with them stalls nobody else.
 */
final class IdHandover implements IntConsumer {
  private static final OptionalInt END = OptionalInt.empty();

  private final BlockingQueue<OptionalInt> ids = new LinkedBlockingQueue<>();

  @Override
  public void accept(int id) {
    ids.add(OptionalInt.of(id));
  }

  /**
   * Gives the ids to a listener on the calling thread until the task has ended. Where the listener
   * throws, or the thread is interrupted, the task is cancelled.
   */
  void giveUntilTheEnd(DecodingTicket ticket, IntConsumer listener) {
    ticket.onEnd(() -> ids.add(END));
    try {
      for (OptionalInt id = ids.take(); id.isPresent(); id = ids.take()) {
        listener.accept(id.getAsInt());
      }
    } catch (InterruptedException e) {
      ticket.cancel();
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      ticket.cancel();
      throw e;
    }
  }
}

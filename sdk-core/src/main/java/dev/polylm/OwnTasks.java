package dev.polylm;

import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.decoding.DecodingTask;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/** The running tasks of one handle of a shared model. Thread-safe. */
final class OwnTasks implements DecodingRunner {
  private final DecodingRunner engine;
  private final @Nullable String caller;
  private final Deque<Ticket> underWay = new ConcurrentLinkedDeque<>();
  private volatile boolean ended;

  /**
   * @param caller whose tasks they are unless they name another; null means that each has a caller
   *     of its own
   */
  OwnTasks(DecodingRunner engine, @Nullable String caller) {
    this.engine = engine;
    this.caller = caller;
  }

  @Override
  public Ticket submit(DecodingTask task, Terms terms) {
    Ticket ticket = engine.submit(task, terms.orCaller(caller));
    underWay.add(ticket);
    ticket.onEnd(failure -> underWay.remove(ticket));
    if (ended) { // end() may have missed this ticket
      ticket.cancel();
    }
    return ticket;
  }

  /**
   * Cancels the tasks under way, and those that are still to come. The latest go first: those that
   * wait for their turn can be cancelled at once, while the engine may be inside an early one.
   */
  void end() {
    ended = true;
    underWay.descendingIterator().forEachRemaining(Ticket::cancel);
  }
}

package dev.polylm;

import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.decoding.DecodingTask;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The running tasks of one handle of a shared model. Thread-safe. */
final class OwnTasks implements DecodingRunner {
  private final DecodingRunner engine;
  private final Set<Ticket> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  OwnTasks(DecodingRunner engine) {
    this.engine = engine;
  }

  @Override
  public Ticket submit(DecodingTask task, Terms terms) {
    Ticket ticket = engine.submit(task, terms);
    underWay.add(ticket);
    ticket.onEnd(failure -> underWay.remove(ticket));
    if (ended) { // end() may have missed this ticket
      ticket.cancel();
    }
    return ticket;
  }

  /** Cancels these tasks and all that are submitted later. */
  void end() {
    ended = true;
    underWay.forEach(Ticket::cancel);
  }
}

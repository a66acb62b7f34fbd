package dev.polylm;

import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.decoding.DecodingTask;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The tasks that one of those who share a model has under way. Thread-safe. */
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
    if (ended) { // which may not have seen this one
      ticket.cancel();
    }
    return ticket;
  }

  /** Ends them as cancelled, and those that are still to come. */
  void end() {
    ended = true;
    underWay.forEach(Ticket::cancel);
  }
}

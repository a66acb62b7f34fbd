package dev.polylm.internal.decoding;

/** Runs tasks on a model. Thread-safe. */
public interface DecodingRunner {
  /**
   * Has a task run; it runs when there is room for it.
   *
   * @throws dev.polylm.PolyLmException where it can never be run, or not now
   */
  DecodingTicket submit(DecodingTask task, DecodingTerms terms);
}

package dev.polylm.jakarta.rest;

/**
 * Tells when the client of a request disconnects. Jakarta's interfaces can't tell, so a server that
 * knows sets one as an attribute of the request.
 */
@FunctionalInterface
public interface Departure {
  /** The name of the request's attribute. */
  String ATTRIBUTE = "dev.polylm.jakarta.departure";

  /**
   * Watches the client from now on, after its request was read.
   *
   * @param action is run if the client disconnects before the answer is complete; it must return at
   *     once, and may be called more than once
   */
  void watch(Runnable action);
}

package dev.polylm;

/**
 * The engine's queue is full. The same request may succeed later. A server should answer with
 * status 429 (RFC 6585, section 4).
 *
 * <pre>{@code
 * try {
 *   System.out.println(polyLm.generate("Hello"));
 * } catch (QueueFullException e) {
 *   System.err.println("busy: " + e.getMessage());
 * }
 * }</pre>
 */
public final class QueueFullException extends PolyLmException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param capacity how many requests may wait
   */
  public QueueFullException(int capacity) {
    super(
        "%s requests are waiting already, which is the limit: try again later".formatted(capacity));
  }
}

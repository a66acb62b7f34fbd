package dev.polylm;

/**
 * As many requests wait as may. The same request may be taken later; a server answers 429 (RFC
 * 6585, section 4).
 */
public final class QueueFullException extends PolyLmException {
  private static final long serialVersionUID = 1L;

  public QueueFullException(int capacity) {
    super("%d requests wait already, as many as may: try again later".formatted(capacity));
  }
}

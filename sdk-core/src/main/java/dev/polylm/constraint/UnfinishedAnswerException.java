package dev.polylm.constraint;

import dev.polylm.PolyLmException;

/**
 * An answer ended before its form was complete, because it reached a limit or was cancelled.
 *
 * <pre>{@code
 * try {
 *   int year = polyLm.query("The wall fell in", int.class);
 * } catch (UnfinishedAnswerException e) {
 *   System.err.println("only got as far as " + e.text());
 * }
 * }</pre>
 */
public final class UnfinishedAnswerException extends PolyLmException {
  private static final long serialVersionUID = 1L;

  private final String text;

  /**
   * Makes an exception for an answer.
   *
   * @param text the text so far
   */
  public UnfinishedAnswerException(String message, String text) {
    super(message);
    this.text = text;
  }

  /** Returns the text so far. */
  public String text() {
    return text;
  }
}

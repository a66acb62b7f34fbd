package dev.polylm;

import dev.polylm.internal.untrusted.Quoted;
import org.jspecify.annotations.Nullable;

/**
 * PolyLM can't use a file, a text or a setting that it was given. The message states the rule, what
 * was found, what was expected, and where. The message is one line. It shows control characters as
 * question marks.
 *
 * <pre>{@code
 * try {
 *   PolyLm.open(Path.of("nowhere"));
 * } catch (PolyLmException e) {
 *   System.err.println(e.getMessage()); // nowhere: is not a folder; expected an exported model
 * }
 * }</pre>
 */
public class PolyLmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Makes an exception with a message. */
  public PolyLmException(String message) {
    super(Quoted.line(message));
  }

  /** Makes an exception with a message and a cause. */
  public PolyLmException(String message, @Nullable Throwable cause) {
    super(Quoted.line(message), cause);
  }
}

package dev.polylm;

import org.jspecify.annotations.Nullable;

/**
 * Something that PolyLM was given or asked for can't be used: a file, a text, a setting. The
 * message says the rule, what was found, what was expected, and where.
 */
public class PolyLmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PolyLmException(String message) {
    super(message);
  }

  public PolyLmException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

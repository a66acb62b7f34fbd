package dev.polylm;

import dev.polylm.internal.text.Quoted;
import org.jspecify.annotations.Nullable;

/**
 * Something that PolyLM was given or asked for can't be used: a file, a text, a setting. The
 * message says the rule, what was found, what was expected, and where. It is one line, in which
 * control characters, which files may bring, are question marks.
 */
public class PolyLmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PolyLmException(String message) {
    super(Quoted.line(message));
  }

  public PolyLmException(String message, @Nullable Throwable cause) {
    super(Quoted.line(message), cause);
  }
}

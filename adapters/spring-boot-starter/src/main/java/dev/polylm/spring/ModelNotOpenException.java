package dev.polylm.spring;

import dev.polylm.PolyLmException;
import org.jspecify.annotations.Nullable;

/** Says why a model of the properties can't be used, and what to change. */
final class ModelNotOpenException extends PolyLmException {
  private static final long serialVersionUID = 1;

  private final String action;

  ModelNotOpenException(String message, String action, @Nullable Throwable cause) {
    super(message, cause);
    this.action = action;
  }

  String action() {
    return action;
  }
}

package dev.polylm.cli.hub;

import dev.polylm.PolyLmException;

/** What the hub sent is not the file that it stated. */
final class WrongContentException extends PolyLmException {
  private static final long serialVersionUID = 1L;

  WrongContentException(String message) {
    super(message);
  }
}

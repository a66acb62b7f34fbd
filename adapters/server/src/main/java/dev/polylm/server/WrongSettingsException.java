package dev.polylm.server;

import dev.polylm.PolyLmException;

/** A key of the configuration is wrong, or the address is not one that such a server may have. */
public final class WrongSettingsException extends PolyLmException {
  private static final long serialVersionUID = 1L;

  WrongSettingsException(PolyLmException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }
}

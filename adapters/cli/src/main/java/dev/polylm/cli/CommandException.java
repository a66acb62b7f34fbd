package dev.polylm.cli;

import dev.polylm.PolyLmException;
import org.jspecify.annotations.Nullable;

/** A failure that ends the command with a status of its own, and with a hint what to do. */
final class CommandException extends PolyLmException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final String hint;

  private CommandException(
      int exitCode, @Nullable String message, String hint, @Nullable Throwable cause) {
    super(String.valueOf(message), cause);
    this.exitCode = exitCode;
    this.hint = hint;
  }

  /** Something was not done, and a hint says what to do about it. */
  static CommandException failed(String message, String hint) {
    return new CommandException(ExitCodes.SOME_FAILED, message, hint, null);
  }

  /** The model can't be used. */
  static CommandException unusableModel(PolyLmException e, String hint) {
    return new CommandException(ExitCodes.UNUSABLE_MODEL, e.getMessage(), hint, e);
  }

  int exitCode() {
    return exitCode;
  }

  String hint() {
    return hint;
  }
}

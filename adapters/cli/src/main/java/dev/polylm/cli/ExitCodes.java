package dev.polylm.cli;

/** The exit statuses of the command. */
final class ExitCodes {
  static final int OK = 0;

  /** Something could not be answered or done. */
  static final int SOME_FAILED = 1;

  /** The arguments are wrong. */
  static final int USAGE = 2;

  /** The model can't be opened. */
  static final int UNUSABLE_MODEL = 3;

  /** The user pressed Ctrl-C. */
  static final int INTERRUPTED = 130;

  private ExitCodes() {}
}

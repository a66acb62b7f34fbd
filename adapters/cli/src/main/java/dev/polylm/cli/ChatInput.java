package dev.polylm.cli;

import org.jspecify.annotations.Nullable;

/** Where the lines of a conversation come from. */
interface ChatInput extends AutoCloseable {

  /**
   * Returns the next line, or null at the end.
   *
   * @param prompt what a terminal shows before the line
   */
  @Nullable String next(String prompt);

  /**
   * Runs something that Ctrl-C ends without ending the command: this thread is then interrupted.
   */
  void interruptibly(Runnable work);

  @Override
  void close();
}

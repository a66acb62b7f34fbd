package dev.polylm.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Standard input, which can tell whether a thread waits for it. Such a thread can't be interrupted.
 */
final class StandardInput extends FilterInputStream {
  private volatile boolean waitedFor;

  /**
   * @param in not a plain FileInputStream: on Java 17 it can't read all of a pipe or terminal
   */
  StandardInput(InputStream in) {
    super(in);
  }

  boolean isWaitedFor() {
    return waitedFor;
  }

  @Override
  public int read() throws IOException {
    waitedFor = true;
    try {
      return super.read();
    } finally {
      waitedFor = false;
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    waitedFor = true;
    try {
      return super.read(bytes, offset, length);
    } finally {
      waitedFor = false;
    }
  }
}

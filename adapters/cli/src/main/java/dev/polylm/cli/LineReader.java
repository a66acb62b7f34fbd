package dev.polylm.cli;

import dev.polylm.PolyLmException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines as bytes, so that a line that is not valid text does not affect the others. Not
 * thread-safe.
 */
final class LineReader {
  /** A longer line can't be a request: no model's context needs a hundredth of this. */
  static final int MAX_LINE_BYTES = 1 << 26;

  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private long bytesRead;

  LineReader(InputStream in) {
    this.in = new BufferedInputStream(in, BUFFER_BYTES);
  }

  /** Returns how many bytes of lines were read so far. */
  long bytesRead() {
    return bytesRead;
  }

  /** Skips the next line, whatever its length. Returns false if there is none. */
  boolean skip() throws IOException {
    int value = in.read();
    if (value < 0) {
      return false;
    }
    while (value >= 0 && value != '\n') {
      value = in.read();
    }
    return true;
  }

  /**
   * Returns the next line without its end, or null if there is none. The last line need not have an
   * end.
   *
   * @throws PolyLmException if the line is too long; it is then skipped
   */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long length = 0;
    int value = in.read();
    if (value < 0) {
      return null;
    }
    while (value >= 0 && value != '\n') {
      if (length < MAX_LINE_BYTES) {
        line.write(value);
      }
      length++;
      value = in.read();
    }
    bytesRead += length + 1;
    if (length > MAX_LINE_BYTES) {
      throw new PolyLmException(
          "the line has %s bytes, must have at most %s".formatted(length, MAX_LINE_BYTES));
    }
    return line.toByteArray();
  }
}

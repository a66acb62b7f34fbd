package dev.polylm.export.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import net.razorvine.pickle.PickleUtils;

/**
 * A stream of pickles, one after the other. It can tell whether as many bytes are left as a length
 * claims.
 */
final class PickleInput extends ByteArrayInputStream {
  PickleInput(byte[] content) {
    super(content);
  }

  /** Returns how many bytes were read so far. */
  int position() {
    return pos;
  }

  /** Returns the next four bytes as a length, without consuming them. */
  int peekLength() throws IOException {
    mark(0);
    int length = PickleUtils.bytes_to_integer(PickleUtils.readbytes(this, 4));
    reset();
    return length;
  }
}

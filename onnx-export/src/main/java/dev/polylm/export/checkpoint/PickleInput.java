package dev.polylm.export.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import net.razorvine.pickle.PickleUtils;

/** Pickles, one behind the other, which can tell whether a length that they claim is there. */
final class PickleInput extends ByteArrayInputStream {
  PickleInput(byte[] content) {
    super(content);
  }

  /** The bytes read so far. */
  int position() {
    return pos;
  }

  /** The next four bytes as a length, not consumed. */
  int peekLength() throws IOException {
    mark(0);
    int length = PickleUtils.bytes_to_integer(PickleUtils.readbytes(this, 4));
    reset();
    return length;
  }
}

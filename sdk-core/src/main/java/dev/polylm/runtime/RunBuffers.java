package dev.polylm.runtime;

import dev.polylm.PolyLmException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/** The small inputs of a run and its logits, allocated once for a state. */
final class RunBuffers {
  final LongBuffer inputIds; // [batch, sequence]
  final LongBuffer positionIds; // [batch, sequence]
  final IntBuffer seqlensK; // [batch]
  final IntBuffer totalSequenceLength; // [1]
  final LongBuffer logitsRows; // [n]
  final FloatBuffer logits; // [n, vocabSize]

  /**
   * @param tokens the most ids in a run
   * @param rows the most sequences in a run
   * @param logitsRowsLimit the most rows of logits of a run
   */
  RunBuffers(int tokens, int rows, int logitsRowsLimit, int vocabSize) {
    inputIds = bytes((long) tokens * Long.BYTES).asLongBuffer();
    positionIds = bytes((long) tokens * Long.BYTES).asLongBuffer();
    seqlensK = bytes((long) rows * Integer.BYTES).asIntBuffer();
    totalSequenceLength = bytes(Integer.BYTES).asIntBuffer();
    logitsRows = bytes((long) logitsRowsLimit * Long.BYTES).asLongBuffer();
    logits = bytes((long) logitsRowsLimit * vocabSize * Float.BYTES).asFloatBuffer();
  }

  private static ByteBuffer bytes(long length) {
    if (length > Integer.MAX_VALUE) {
      throw new PolyLmException(
          "a run's buffer needs %d bytes, the most is %d".formatted(length, Integer.MAX_VALUE));
    }
    try {
      return ByteBuffer.allocateDirect((int) length).order(ByteOrder.nativeOrder());
    } catch (OutOfMemoryError e) {
      throw new PolyLmException(
          "a run's buffer needs %d bytes of direct memory: %s".formatted(length, e.getMessage()),
          e);
    }
  }
}

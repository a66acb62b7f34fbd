package dev.polylm.internal.runtime;

import ai.onnxruntime.OnnxTensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/** The small inputs of a run and its logits, in one block of native memory. */
final class RunBuffers implements AutoCloseable {
  private final NativeMemory memory;
  final LongBuffer inputIds; // [batch, sequence]
  final LongBuffer positionIds; // [batch, sequence]
  final LongBuffer logitsRows; // [n]
  final IntBuffer seqlensK; // [batch]
  final IntBuffer totalSequenceLength; // [1]
  final FloatBuffer logits; // [n, vocabSize]

  /** The inputs of adapters, which may change from run to run; empty if the graph takes none. */
  final Map<String, OnnxTensor> adapters = new HashMap<>();

  /**
   * @param host the memory whose runs use the buffers
   * @param tokens the largest number of ids in a run
   * @param rows the largest number of sequences in a run
   * @param logitsRowsLimit the largest number of rows of logits of a run
   */
  RunBuffers(CacheMemory host, int tokens, int rows, int logitsRowsLimit, int vocabSize) {
    long longs = 2L * tokens + logitsRowsLimit;
    long ints = rows + 1L;
    long floats = (long) logitsRowsLimit * vocabSize;
    memory =
        host.allocateHost(
            Math.toIntExact(longs * Long.BYTES + ints * Integer.BYTES + floats * Float.BYTES));
    inputIds = part(0, tokens * Long.BYTES).asLongBuffer();
    positionIds = part(tokens * Long.BYTES, tokens * Long.BYTES).asLongBuffer();
    logitsRows = part(2 * tokens * Long.BYTES, logitsRowsLimit * Long.BYTES).asLongBuffer();
    int afterLongs = (int) longs * Long.BYTES;
    seqlensK = part(afterLongs, rows * Integer.BYTES).asIntBuffer();
    totalSequenceLength = part(afterLongs + rows * Integer.BYTES, Integer.BYTES).asIntBuffer();
    int afterInts = afterLongs + (int) ints * Integer.BYTES;
    logits = part(afterInts, (int) floats * Float.BYTES).asFloatBuffer();
  }

  /**
   * Returns the buffer for the hidden states of a run. It takes the place of rows of logits that
   * the run does not need.
   *
   * @param offset the place after the logits that the run needs
   */
  FloatBuffer hiddenStates(int offset, int length) {
    return logits.slice(offset, length);
  }

  private ByteBuffer part(int offset, int length) {
    return memory.buffer().slice(offset, length).order(memory.buffer().order());
  }

  /** Frees the memory; idempotent. */
  @Override
  public void close() {
    memory.close();
  }
}

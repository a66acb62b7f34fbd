package dev.polylm.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.polylm.PolyLmException;
import dev.polylm.model.ModelDimensions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A conversation with a {@link Decoder}: rows of ids that have been read, their keys and values,
 * and the logits of the last run.
 *
 * <p>Not thread-safe: one thread at a time, but for {@link #terminate}. Several states of one
 * decoder may run side by side.
 */
public final class DecoderState implements AutoCloseable {
  /** Ids of a prompt that one run reads at most; longer prompts take several runs. */
  private static final int PREFILL_CHUNK = 512;

  private final OrtEnvironment environment;
  private final ModelDimensions dimensions;
  private final KeyValueCache cache;
  private final RunBuffers buffers;
  private final int logitsRowsLimit;
  private final int[][] ids; // [rows, capacity]: the ids whose keys and values are cached
  private final int[] lengths; // [rows]: how many of them
  private final Map<Integer, RunTensors> decodeTensors = new HashMap<>();
  private final TerminableRun terminableRun;
  private boolean closed;

  DecoderState(
      OrtEnvironment environment,
      OrtSession session,
      ModelDimensions dimensions,
      OnnxJavaType cacheType,
      int rows,
      int capacity,
      int logitsRows) {
    this.environment = environment;
    this.dimensions = dimensions;
    this.cache = new KeyValueCache(dimensions, cacheType, rows, capacity);
    this.logitsRowsLimit = Math.max(rows, Math.min(logitsRows, PREFILL_CHUNK));
    this.buffers =
        new RunBuffers(
            Math.max(rows, Math.min(capacity, PREFILL_CHUNK)),
            rows,
            logitsRowsLimit,
            dimensions.vocabSize());
    this.ids = new int[rows][capacity];
    this.lengths = new int[rows];
    this.terminableRun = new TerminableRun(session);
  }

  /** How many ids of a row have been read. */
  public int length(int row) {
    return lengths[row];
  }

  /** The most rows of logits of a run. */
  public int logitsRowsLimit() {
    return logitsRowsLimit;
  }

  /**
   * Reads ids [from, to) into a row, after what it holds. The logits that follow the last of them
   * are then row 0.
   *
   * @throws java.util.concurrent.CancellationException after {@link #terminate}, as every run does
   */
  public void prefill(int row, int[] inputIds, int from, int to) {
    for (int start = from; start < to; start += PREFILL_CHUNK) {
      readChunk(row, inputIds, start, Math.min(to, start + PREFILL_CHUNK), 1);
    }
  }

  /**
   * Reads ids [from, to) into a row as {@link #prefill} does, in one run. The logits that follow
   * each of them are then rows 0 to to - from - 1.
   *
   * @param to at most from + {@link #logitsRowsLimit}
   */
  public void prefillWithAllLogits(int row, int[] inputIds, int from, int to) {
    readChunk(row, inputIds, from, to, to - from);
  }

  private void readChunk(int row, int[] inputIds, int from, int to, int logitsRows) {
    int count = to - from;
    int past = lengths[row];
    if (count < 1 || past + count > cache.capacity() || logitsRows > logitsRowsLimit) {
      throw new IllegalArgumentException(
          "%d ids after %d of %d, %d rows of logits of %d"
              .formatted(count, past, cache.capacity(), logitsRows, logitsRowsLimit));
    }
    for (int i = 0; i < count; i++) {
      buffers.inputIds.put(i, inputIds[from + i]);
      buffers.positionIds.put(i, past + i);
    }
    for (int i = 0; i < logitsRows; i++) {
      buffers.logitsRows.put(i, count - logitsRows + i);
    }
    buffers.seqlensK.put(0, past + count - 1);
    buffers.totalSequenceLength.put(0, past + count);
    RunShape shape = new RunShape(row, 1, count, logitsRows);
    checkOpen();
    try (RunTensors tensors = tensors(shape)) {
      terminableRun.run(tensors);
    } catch (OrtException e) {
      throw failed(e);
    }
    System.arraycopy(inputIds, from, ids[row], past, count);
    lengths[row] = past + count;
  }

  /**
   * Reads one id into each of the rows 0 to nextIds.length - 1: a decoding step. The logits that
   * follow are then rows 0 to nextIds.length - 1. The rows may hold different numbers of ids.
   */
  public void decode(int[] nextIds) {
    int batch = nextIds.length;
    int longest = 0;
    for (int row = 0; row < batch; row++) {
      int past = lengths[row];
      buffers.inputIds.put(row, nextIds[row]);
      buffers.positionIds.put(row, past);
      buffers.seqlensK.put(row, past);
      buffers.logitsRows.put(row, row);
      longest = Math.max(longest, past + 1);
    }
    if (batch < 1 || longest > cache.capacity()) {
      throw new IllegalArgumentException(
          "%d rows, the longest of %d ids of %d".formatted(batch, longest, cache.capacity()));
    }
    buffers.totalSequenceLength.put(0, longest);
    checkOpen();
    try {
      terminableRun.run(decodeTensors(batch));
    } catch (OrtException e) {
      throw failed(e);
    }
    for (int row = 0; row < batch; row++) {
      ids[row][lengths[row]++] = nextIds[row];
    }
  }

  private RunTensors decodeTensors(int batch) throws OrtException {
    RunTensors tensors = decodeTensors.get(batch);
    if (tensors == null) {
      tensors = tensors(new RunShape(0, batch, 1, batch));
      decodeTensors.put(batch, tensors);
    }
    return tensors;
  }

  private RunTensors tensors(RunShape shape) throws OrtException {
    return new RunTensors(environment, buffers, cache, dimensions.vocabSize(), shape);
  }

  /**
   * Copies a row of the last run's logits.
   *
   * @param target [vocabSize]
   */
  public void copyLogits(int row, float[] target) {
    buffers.logits.get(row * dimensions.vocabSize(), target, 0, dimensions.vocabSize());
  }

  /** Makes a row hold what another holds; copies only what they do not share already. */
  public void copyRow(int source, int target) {
    int length = lengths[source];
    int shared = Arrays.mismatch(ids[source], 0, length, ids[target], 0, lengths[target]);
    int from = shared < 0 ? length : shared;
    if (from < length) {
      cache.copy(source, target, from, length);
      System.arraycopy(ids[source], from, ids[target], from, length - from);
    }
    lengths[target] = length;
  }

  /**
   * Forgets what a row has read after its first ids.
   *
   * @param length how many it goes on to hold, 0 to {@link #length}
   */
  public void truncate(int row, int length) {
    if (length < 0 || length > lengths[row]) {
      throw new IllegalArgumentException(
          "row %d holds %d ids, can't be cut to %d".formatted(row, lengths[row], length));
    }
    lengths[row] = length;
  }

  /**
   * Ends the run that is under way, within an operator of the graph, and refuses those to come;
   * from any thread, at any time.
   */
  public void terminate() {
    terminableRun.terminate();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the state is closed");
    }
  }

  private static PolyLmException failed(OrtException e) {
    return new PolyLmException("the model's run failed: " + e.getMessage(), e);
  }

  /** Frees the views of the buffers; idempotent. */
  @Override
  public void close() {
    closed = true;
    decodeTensors.values().forEach(RunTensors::close);
    decodeTensors.clear();
    terminableRun.close();
  }
}

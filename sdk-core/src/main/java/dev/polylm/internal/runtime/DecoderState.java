package dev.polylm.internal.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import dev.polylm.PolyLmException;
import dev.polylm.internal.adapter.LoadedAdapter;
import dev.polylm.internal.device.DeviceFailure;
import dev.polylm.internal.device.OpenSession;
import dev.polylm.internal.runtime.RunTensors.RunShape;
import dev.polylm.model.ModelDimensions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of a {@link Decoder}: a cache that its runs update in place. */
final class DecoderState implements DecoderRows {
  private final OpenSession session;
  private final CacheMemory memory;
  private final ModelDimensions dimensions;
  private final KeyValueCache cache;
  private final RowAdapters adapters;
  private RunBuffers buffers;
  private int logitsRowsLimit;
  private int[][] ids; // [rows, capacity]: the ids whose keys and values are cached
  private int[] lengths; // [rows]: how many of them
  private final Map<Integer, RunTensors> decodeTensors = new HashMap<>(); // by batch
  private boolean closed;

  DecoderState(
      OpenSession session,
      CacheMemory memory,
      @Nullable AdapterTable adapters,
      ModelDimensions dimensions,
      OnnxJavaType cacheType,
      int rows,
      int capacity,
      int logitsRows) {
    this.session = session;
    this.memory = memory;
    this.dimensions = dimensions;
    this.logitsRowsLimit = Math.max(rows, logitsRows);
    this.buffers = buffers(rows, capacity);
    try {
      this.cache = new KeyValueCache(memory, dimensions, cacheType, rows, capacity);
    } catch (PolyLmException e) {
      buffers.close();
      throw e;
    }
    this.adapters = new RowAdapters(adapters, rows);
    this.ids = new int[rows][capacity];
    this.lengths = new int[rows];
  }

  private RunBuffers buffers(int rows, int capacity) {
    int tokens = Math.max(rows, Math.min(capacity, Decoder.MAX_RUN_IDS));
    return new RunBuffers(memory, tokens, rows, logitsRowsLimit, dimensions.vocabSize());
  }

  @Override
  public int rows() {
    return cache.rows();
  }

  @Override
  public int capacity() {
    return cache.capacity();
  }

  @Override
  public int length(int row) {
    return lengths[row];
  }

  @Override
  public @Nullable LoadedAdapter adapter(int row) {
    return adapters.of(row);
  }

  @Override
  public void begin(int row, @Nullable LoadedAdapter adapter) {
    if (adapters.of(row) != adapter) {
      adapters.set(row, adapter);
      lengths[row] = 0;
    }
  }

  @Override
  public int commonPrefix(int row, int[] other, int limit) {
    int length = Math.min(limit, lengths[row]);
    int mismatch = Arrays.mismatch(ids[row], 0, length, other, 0, Math.min(length, other.length));
    return mismatch < 0 ? length : mismatch;
  }

  @Override
  public void truncate(int row, int length) {
    lengths[row] = Math.min(lengths[row], length);
  }

  @Override
  public void read(int row, int[] inputIds, int from, int to, int logitsRows) {
    read(inputIds, from, RunShape.ofLogits(row, 1, to - from, logitsRows));
  }

  @Override
  public void readHiddenStates(int row, int[] inputIds, int from, int to) {
    read(inputIds, from, new RunShape(row, 1, to - from, 1, dimensions.hiddenSize()));
  }

  private void read(int[] inputIds, int from, RunShape shape) {
    int row = shape.firstRow();
    int count = shape.sequence();
    int past = lengths[row];
    int logitsRows = shape.logitsRows();
    int statesRows = shape.hiddenSize() > 0 ? dimensions.logitsRowsOfHiddenStates(count) : 0;
    if (count < 1
        || count > Decoder.MAX_RUN_IDS
        || past + count > cache.capacity()
        || logitsRows > count
        || logitsRows + statesRows > logitsRowsLimit) {
      throw new IllegalArgumentException(
          "%s ids after %s of %s, %s rows of logits of %s"
              .formatted(count, past, cache.capacity(), logitsRows + statesRows, logitsRowsLimit));
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
    checkOpen();
    try (RunTensors tensors = tensors(shape)) {
      adapters.addTo(buffers.adapters, row, 1);
      tensors.run(session.session());
    } catch (OrtException e) {
      throw failed(e);
    }
    System.arraycopy(inputIds, from, ids[row], past, count);
    lengths[row] = past + count;
  }

  @Override
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
          "%s rows, the longest of %s ids of %s".formatted(batch, longest, cache.capacity()));
    }
    buffers.totalSequenceLength.put(0, longest);
    checkOpen();
    try {
      adapters.addTo(buffers.adapters, 0, batch);
      decodeTensors(batch).run(session.session());
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
      tensors = tensors(RunShape.ofLogits(0, batch, 1, batch));
      decodeTensors.put(batch, tensors);
    }
    return tensors;
  }

  private RunTensors tensors(RunShape shape) throws OrtException {
    return memory.tensors(buffers, cache, shape);
  }

  @Override
  public void copyLogits(int row, float[] target) {
    buffers.logits.get(row * dimensions.vocabSize(), target, 0, dimensions.vocabSize());
  }

  @Override
  public void copyHiddenState(int row, float[] target) {
    int first = dimensions.vocabSize(); // after the row of logits
    buffers.logits.get(first + row * dimensions.hiddenSize(), target, 0, dimensions.hiddenSize());
  }

  @Override
  public void copyPrefix(DecoderRows source, int sourceRow, int targetRow, int length) {
    DecoderState other = (DecoderState) source; // a model's rows are all of one kind
    begin(targetRow, other.adapter(sourceRow));
    copyPrefix(other.cache, sourceRow, other.ids[sourceRow], targetRow, length);
  }

  @Override
  public void copyPrefix(CachedPrefix source, int targetRow, int length) {
    StoredPrefix prefix = (StoredPrefix) source;
    begin(targetRow, prefix.adapter());
    copyPrefix(prefix.cache(), 0, prefix.ids(), targetRow, length);
  }

  private void copyPrefix(
      KeyValueCache from, int sourceRow, int[] sourceIds, int targetRow, int length) {
    int shared = commonPrefix(targetRow, sourceIds, length);
    if (shared < length) {
      from.copy(sourceRow, cache, targetRow, shared, length);
      System.arraycopy(sourceIds, shared, ids[targetRow], shared, length - shared);
    }
    lengths[targetRow] = length;
  }

  @Override
  public CachedPrefix keep(int row) {
    int length = lengths[row];
    return new StoredPrefix(
        Arrays.copyOf(ids[row], length), adapters.of(row), cache.copyOfRow(row, length));
  }

  @Override
  public void swap(int a, int b) {
    cache.swap(a, b);
    adapters.swap(a, b);
    int[] rowIds = ids[a];
    ids[a] = ids[b];
    ids[b] = rowIds;
    int length = lengths[a];
    lengths[a] = lengths[b];
    lengths[b] = length;
  }

  @Override
  public void resize(int rows, int capacity, int logitsRows) {
    closeTensors();
    if (rows != cache.rows() || capacity != cache.capacity()) {
      cache.resize(rows, capacity, lengths);
    }
    buffers.close();
    logitsRowsLimit = Math.max(rows, logitsRows);
    buffers = buffers(rows, capacity);
    int kept = Math.min(rows, ids.length);
    adapters.resize(rows);
    ids = Arrays.copyOf(ids, rows);
    lengths = Arrays.copyOf(lengths, rows);
    for (int row = 0; row < rows; row++) {
      ids[row] = row < kept ? Arrays.copyOf(ids[row], capacity) : new int[capacity];
      lengths[row] = Math.min(lengths[row], capacity);
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the rows are closed");
    }
  }

  private PolyLmException failed(OrtException e) {
    String found = String.valueOf(e.getMessage());
    String ofDevice = DeviceFailure.sentence(session.device(), found);
    return new PolyLmException(
        "the model's run failed: " + (ofDevice == null ? found : ofDevice), e);
  }

  private void closeTensors() {
    decodeTensors.values().forEach(RunTensors::close);
    decodeTensors.clear();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      closeTensors();
      adapters.close();
      buffers.close();
      cache.close();
    }
  }
}

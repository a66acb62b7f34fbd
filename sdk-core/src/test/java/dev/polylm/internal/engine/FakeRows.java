package dev.polylm.internal.engine;

import dev.polylm.PolyLmException;
import dev.polylm.internal.adapter.LoadedAdapter;
import dev.polylm.internal.runtime.CachedPrefix;
import dev.polylm.internal.runtime.DecoderRows;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows that hold ids only, whose logits are a function of all ids before: whatever is lost, mixed
 * up or read twice shows. Counts what is alive and what was read.
 */
final class FakeRows implements DecoderRows {
  /** What all rows of an engine are made from. */
  static final class Model implements LanePool.AdapterPlaces {
    final int vocabSize;
    int mistakes; // of so many rows of logits one is wrong, or none
    int slots = 2;
    final Set<LoadedAdapter> placed = new LinkedHashSet<>(); // the latest last
    int open;
    int kept;
    long idsRead;
    int runs;
    int failingRun = -1;
    int allocations;
    int failingAllocation = -1;
    Runnable beforeRun = () -> {};
    Runnable beforeAllocation = () -> {};

    Model(int vocabSize) {
      this.vocabSize = vocabSize;
    }

    DecoderRows create(int rows, int capacity, int logitsRows) {
      allocate();
      open++;
      return new FakeRows(this, rows, capacity, logitsRows);
    }

    @Override
    public boolean place(LoadedAdapter adapter, Collection<LoadedAdapter> inUse) {
      boolean possible = placed.remove(adapter) || inUse.size() < slots;
      if (possible) {
        if (placed.size() == slots) {
          placed.remove(placed.stream().filter(a -> !inUse.contains(a)).findFirst().orElseThrow());
        }
        placed.add(adapter);
      }
      return possible;
    }

    /** What follows ids: one number that depends on each of them and their order, and a vector. */
    float[] logits(int[] ids, int length) {
      return logits(null, ids, length);
    }

    /** What follows ids, with an adapter: what is read without it or with another shows. */
    float[] logits(@Nullable LoadedAdapter adapter, int[] ids, int length) {
      long hash = adapter == null ? 17 : adapter.name().hashCode();
      for (int i = 0; i < length; i++) {
        hash = (hash * 31 + ids[i] + 1) * 0x9E3779B97F4A7C15L;
      }
      if (mistakes > 0 && Math.floorMod(hash, mistakes) == 0) {
        hash = ~hash;
      }
      float[] logits = new float[vocabSize];
      for (int i = 0; i < vocabSize; i++) {
        hash = hash * 6364136223846793005L + 1442695040888963407L;
        logits[i] = hash >>> 40;
      }
      return logits;
    }

    private void allocate() {
      beforeAllocation.run();
      if (allocations++ == failingAllocation) {
        throw new PolyLmException("memory outside the heap can't be had");
      }
    }

    private void run(int ids) {
      beforeRun.run();
      if (runs++ == failingRun) {
        throw new PolyLmException("the model's run failed: broken");
      }
      idsRead += ids;
    }
  }

  private final Model model;
  private int logitsRows;
  private int[][] ids;
  private int[] lengths;
  private @Nullable LoadedAdapter[] adapters;
  private float[][] logits = {};
  private float[][] hiddenStates = {};
  private boolean closed;

  private FakeRows(Model model, int rows, int capacity, int logitsRows) {
    this.model = model;
    this.ids = new int[rows][capacity];
    this.lengths = new int[rows];
    this.adapters = new LoadedAdapter[rows];
    this.logitsRows = logitsRows;
  }

  @Override
  public int rows() {
    return ids.length;
  }

  @Override
  public int capacity() {
    return ids[0].length;
  }

  @Override
  public int length(int row) {
    return lengths[row];
  }

  @Override
  public @Nullable LoadedAdapter adapter(int row) {
    return adapters[row];
  }

  @Override
  public void begin(int row, @Nullable LoadedAdapter adapter) {
    if (adapters[row] != adapter) {
      adapters[row] = adapter;
      lengths[row] = 0;
    }
  }

  private float[] logitsAt(int row, int length) {
    LoadedAdapter adapter = adapters[row];
    check(adapter == null || model.placed.contains(adapter));
    return model.logits(adapter, ids[row], length);
  }

  @Override
  public int commonPrefix(int row, int[] other, int limit) {
    int length = Math.min(Math.min(limit, lengths[row]), other.length);
    int mismatch = Arrays.mismatch(ids[row], 0, length, other, 0, length);
    return mismatch < 0 ? length : mismatch;
  }

  @Override
  public void truncate(int row, int length) {
    lengths[row] = Math.min(lengths[row], length);
  }

  @Override
  public void read(int row, int[] inputIds, int from, int to, int wanted) {
    check(wanted <= logitsRows && wanted <= to - from && from < to);
    check(lengths[row] + to - from <= capacity());
    model.run(to - from);
    logits = new float[wanted][];
    for (int i = from; i < to; i++) {
      ids[row][lengths[row]++] = inputIds[i];
      if (to - i <= wanted) {
        logits[wanted - (to - i)] = logitsAt(row, lengths[row]);
      }
    }
  }

  /** Whose hidden states are the logits that follow each id. */
  @Override
  public void readHiddenStates(int row, int[] inputIds, int from, int to) {
    check(to - from + 1 <= logitsRows);
    read(row, inputIds, from, to, 1);
    int first = lengths[row] - (to - from);
    hiddenStates = new float[to - from][];
    Arrays.setAll(hiddenStates, i -> logitsAt(row, first + i + 1));
  }

  @Override
  public void copyHiddenState(int row, float[] target) {
    System.arraycopy(hiddenStates[row], 0, target, 0, target.length);
  }

  @Override
  public void decode(int[] nextIds) {
    check(nextIds.length > 0 && nextIds.length <= Math.min(rows(), logitsRows));
    check(Arrays.stream(lengths, 0, nextIds.length).allMatch(length -> length < capacity()));
    model.run(nextIds.length);
    logits = new float[nextIds.length][];
    for (int row = 0; row < nextIds.length; row++) {
      ids[row][lengths[row]++] = nextIds[row];
      logits[row] = logitsAt(row, lengths[row]);
    }
  }

  @Override
  public void copyLogits(int row, float[] target) {
    System.arraycopy(logits[row], 0, target, 0, target.length);
  }

  @Override
  public void copyPrefix(DecoderRows source, int sourceRow, int targetRow, int length) {
    FakeRows other = (FakeRows) source;
    check(!other.closed && length <= other.lengths[sourceRow]);
    begin(targetRow, other.adapters[sourceRow]);
    copy(other.ids[sourceRow], targetRow, length);
  }

  @Override
  public void copyPrefix(CachedPrefix source, int targetRow, int length) {
    begin(targetRow, source.adapter());
    copy(source.ids(), targetRow, length);
  }

  private void copy(int[] from, int targetRow, int length) {
    check(!closed);
    System.arraycopy(from, 0, ids[targetRow], 0, length);
    lengths[targetRow] = length;
  }

  @Override
  public CachedPrefix keep(int row) {
    return kept(Arrays.copyOf(ids[row], lengths[row]), adapters[row]);
  }

  private CachedPrefix kept(int[] keptIds, @Nullable LoadedAdapter adapter) {
    model.allocate();
    model.kept++;
    return new CachedPrefix() {
      @Override
      public int[] ids() {
        return keptIds;
      }

      @Override
      public @Nullable LoadedAdapter adapter() {
        return adapter;
      }

      @Override
      public CachedPrefix copy(int length) {
        return kept(Arrays.copyOf(keptIds, length), adapter);
      }

      @Override
      public void writeTo(OutputStream out) {
        throw new UnsupportedOperationException("there are no keys and values to write");
      }

      @Override
      public void close() {
        model.kept--;
      }
    };
  }

  @Override
  public void swap(int a, int b) {
    int[] row = ids[a];
    ids[a] = ids[b];
    ids[b] = row;
    LoadedAdapter adapter = adapters[a];
    adapters[a] = adapters[b];
    adapters[b] = adapter;
    int length = lengths[a];
    lengths[a] = lengths[b];
    lengths[b] = length;
  }

  @Override
  public void resize(int rows, int capacity, int newLogitsRows) {
    check(!closed);
    model.allocate();
    int kept = ids.length;
    ids = Arrays.copyOf(ids, rows);
    lengths = Arrays.copyOf(lengths, rows);
    adapters = Arrays.copyOf(adapters, rows);
    logitsRows = newLogitsRows;
    for (int row = 0; row < rows; row++) {
      ids[row] = row < kept ? Arrays.copyOf(ids[row], capacity) : new int[capacity];
      lengths[row] = Math.min(lengths[row], capacity);
    }
  }

  @Override
  public void close() {
    check(!closed);
    closed = true;
    model.open--;
  }

  private static void check(boolean rule) {
    if (!rule) {
      throw new IllegalStateException("the rows are not used as they must be");
    }
  }
}

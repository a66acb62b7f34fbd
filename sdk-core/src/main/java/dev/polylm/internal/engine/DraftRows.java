package dev.polylm.internal.engine;

import dev.polylm.PolyLmException;
import dev.polylm.internal.runtime.DecoderRows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A draft model's keys and values: a row for each of the few requests that it guesses for. The row
 * of an ended request stays, because a later prompt may begin with the same ids. All of it can be
 * dropped at any time: what is missing is read again.
 */
final class DraftRows {
  /** The most requests that a draft model guesses for. */
  static final int MAX_ROWS = 4;

  /** It is not worth taking a row over for fewer equal ids. */
  private static final int SHARED = 16;

  private final LanePool.RowsFactory factory;
  private final MemoryBudget budget;
  private final boolean reuse;
  private final List<Row> rows = new ArrayList<>(); // the least recently used first

  /** One row. */
  private static final class Row {
    final DecoderRows ids;
    EngineRequest user;
    LaneSize size;

    Row(DecoderRows ids, EngineRequest user, LaneSize size) {
      this.ids = ids;
      this.user = user;
      this.size = size;
    }
  }

  /**
   * @param factory makes the rows
   * @param budget tells the bytes of a row; its limit is not used
   * @param reuse whether a request may use what was read for another
   */
  DraftRows(LanePool.RowsFactory factory, MemoryBudget budget, boolean reuse) {
    this.reuse = reuse;
    this.factory = factory;
    this.budget = budget;
  }

  int contextLength() {
    return budget.dimensions().contextLength();
  }

  long bytes() {
    return rows.stream().mapToLong(row -> budget.bytes(row.size)).sum();
  }

  /** Drops the least recently used rows until the others take at most this many bytes. */
  void shrinkTo(long most) {
    while (bytes() > most && !rows.isEmpty()) {
      remove(rows.get(0));
    }
  }

  private void remove(Row row) {
    rows.remove(row);
    row.ids.close();
  }

  /** Returns how many of the first ids of a request need not be read. */
  int known(EngineRequest request, int[] ids) {
    Row row = existing(request, ids);
    return row == null ? 0 : shared(row, request, ids);
  }

  private int shared(Row row, EngineRequest request, int[] ids) {
    boolean usable = reuse || row.user == request;
    return usable ? row.ids.commonPrefix(0, ids, ids.length - 1) : 0; // the last one is always read
  }

  /**
   * Returns rows whose only row holds the known ids of a request.
   *
   * @param capacity the ids that it must be able to hold
   * @param freeBytes the bytes that may be taken in addition
   * @return null if there is no room
   */
  @Nullable DecoderRows of(EngineRequest request, int[] ids, int capacity, long freeBytes) {
    LaneSize size = budget.rounded(new LaneSize(1, capacity, 1));
    Row row = existing(request, ids);
    try {
      if (row == null) {
        row = added(request, size, freeBytes);
      } else if (!row.size.holds(size)) {
        row = grown(row, size, freeBytes);
      }
    } catch (PolyLmException e) { // no memory: the model goes on without guesses
      return null;
    }
    if (row == null) {
      return null;
    }
    rows.remove(row);
    rows.add(row);
    row.ids.truncate(0, shared(row, request, ids));
    row.user = request;
    return row.ids;
  }

  /** Returns the row of a request, or else the row of an ended one that is best to take over. */
  private @Nullable Row existing(EngineRequest request, int[] ids) {
    Row best = null;
    int most = -1;
    for (Row row : rows) {
      if (row.user == request) {
        return row;
      }
      if (row.user.ended() && shared(row, request, ids) > most) {
        best = row;
        most = shared(row, request, ids);
      }
    }
    return most >= SHARED || rows.size() == MAX_ROWS ? best : null;
  }

  private @Nullable Row added(EngineRequest request, LaneSize size, long freeBytes) {
    if (rows.size() == MAX_ROWS || budget.bytes(size) > freeBytes) {
      return null;
    }
    DecoderRows ids = factory.create(1, size.capacity(), 1);
    Row row = new Row(ids, request, size);
    rows.add(row);
    return row;
  }

  private @Nullable Row grown(Row row, LaneSize size, long freeBytes) {
    if (budget.bytes(size) - budget.bytes(row.size) > freeBytes) {
      return null;
    }
    rows.remove(row);
    try {
      row.ids.resize(1, size.capacity(), 1);
    } catch (PolyLmException e) {
      row.ids.close();
      throw e;
    }
    row.size = size;
    rows.add(row);
    return row;
  }
}

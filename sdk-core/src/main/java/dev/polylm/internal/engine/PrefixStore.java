package dev.polylm.internal.engine;

import dev.polylm.internal.adapter.LoadedAdapter;
import dev.polylm.internal.runtime.CachedPrefix;
import dev.polylm.internal.runtime.DecoderRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of ended rows, for prompts with the same beginning. The least recently used entry
 * is dropped first.
 */
final class PrefixStore {
  /** Reading a shorter prefix is as fast as copying it. */
  private static final int MIN_LENGTH = 16;

  private final long positionBytes;
  private final List<CachedPrefix> entries = new ArrayList<>(); // the least recently used first
  private long bytes;

  /**
   * @param positionBytes the bytes of a position's keys and values
   */
  PrefixStore(long positionBytes) {
    this.positionBytes = positionBytes;
  }

  /** An entry, and how many of its first ids match. */
  record Match(CachedPrefix prefix, int length) {}

  /**
   * Returns the entry that shares the most first ids, at most limit.
   *
   * @param adapter what the ids are read with, or null
   * @param atLeast the least number of ids that is worth copying
   * @return null if there is none
   */
  @Nullable Match find(@Nullable LoadedAdapter adapter, int[] ids, int atLeast, int limit) {
    Match best = null;
    int least = atLeast;
    for (CachedPrefix entry : entries) {
      int common = Math.min(limit, shared(entry.ids(), ids));
      if (entry.adapter() == adapter && common >= least) {
        best = new Match(entry, common);
        least = common + 1;
      }
    }
    if (best != null) {
      touch(best.prefix());
    }
    return best;
  }

  private static int shared(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 ? a.length : mismatch;
  }

  private void touch(CachedPrefix entry) {
    entries.remove(entry);
    entries.add(entry);
  }

  /**
   * Keeps the ids of a row. It replaces the entries that the row begins with.
   *
   * @param room the bytes that the store may take; older entries are dropped to stay within it
   */
  void add(DecoderRows rows, int row, long room) {
    int length = rows.length(row);
    long needed = length * positionBytes;
    if (length < MIN_LENGTH || needed > room) {
      return;
    }
    for (CachedPrefix entry : List.copyOf(entries)) {
      if (entry.adapter() != rows.adapter(row)) {
        continue;
      }
      int[] ids = entry.ids();
      int common = rows.commonPrefix(row, ids, ids.length);
      if (common == length) {
        touch(entry);
        return;
      }
      if (common == ids.length) {
        remove(entry);
      }
    }
    shrinkTo(room - needed);
    entries.add(rows.keep(row));
    bytes += needed;
  }

  /**
   * Adds a prefix from elsewhere, unless the store knows it or has no room for it.
   *
   * @param room the bytes that the store may take
   * @return whether the store has it now
   */
  boolean add(CachedPrefix prefix, long room) {
    int length = prefix.ids().length;
    long needed = length * positionBytes;
    boolean known = find(prefix.adapter(), prefix.ids(), length, length) != null;
    if (known || needed > room) {
      prefix.close();
      return known;
    }
    shrinkTo(room - needed);
    entries.add(prefix);
    bytes += needed;
    return true;
  }

  /** Drops the least recently used entries until the others take at most this many bytes. */
  void shrinkTo(long most) {
    while (bytes > most && !entries.isEmpty()) {
      remove(entries.get(0));
    }
  }

  private void remove(CachedPrefix entry) {
    entries.remove(entry);
    bytes -= entry.ids().length * positionBytes;
    entry.close();
  }

  long bytes() {
    return bytes;
  }
}

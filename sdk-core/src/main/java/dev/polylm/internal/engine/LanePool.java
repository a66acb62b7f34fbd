package dev.polylm.internal.engine;

import dev.polylm.EngineState;
import dev.polylm.internal.runtime.CachedPrefix;
import dev.polylm.internal.runtime.DecoderRows;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lanes, their sizes and the kept prefixes: what takes memory, within the budget.
 *
 * <p>All rows of a lane are as long as its longest request can become. So one lane is best for
 * time, several for memory: another is opened only for a request that would not fit otherwise, and
 * lanes are joined as soon as they fit as one. A reproducible request has a lane of its own, whose
 * size depends on nothing else.
 */
final class LanePool {

  /** Makes the rows of a lane. */
  interface RowsFactory {
    DecoderRows create(int rows, int capacity, int logitsRows);
  }

  private final RowsFactory factory;
  private final MemoryBudget budget;
  private final int maxRows;
  private final @Nullable PrefixStore prefixes; // null where nothing is reused
  private final List<Lane> lanes = new ArrayList<>();
  private final Map<EngineRequest, Lane> laneOf = new HashMap<>();

  LanePool(RowsFactory factory, MemoryBudget budget, int maxRows, boolean prefixReuse) {
    this.factory = factory;
    this.budget = budget;
    this.maxRows = maxRows;
    this.prefixes = prefixReuse ? new PrefixStore(budget.positionBytes()) : null;
  }

  List<Lane> lanes() {
    return lanes;
  }

  boolean isEmpty() {
    return laneOf.isEmpty();
  }

  boolean holds(EngineRequest request) {
    return laneOf.containsKey(request);
  }

  Lane lane(EngineRequest request) {
    Lane lane = laneOf.get(request);
    if (lane == null) {
      throw new IllegalStateException("the request is in no lane");
    }
    return lane;
  }

  int maxRows() {
    return maxRows;
  }

  /** The rows that each caller's requests may come to hold. */
  Map<String, Integer> rowsByCaller() {
    Map<String, Integer> rows = new HashMap<>();
    for (EngineRequest request : laneOf.keySet()) {
      if (request.caller() != null) {
        rows.merge(request.caller(), request.size().rows(), Integer::sum);
      }
    }
    return rows;
  }

  /** The bytes that lanes and prefixes take. */
  long bytes() {
    return laneBytes(null) + prefixBytes();
  }

  /** What is held now, beside requests that wait. */
  EngineState state(int waiting) {
    int rows = lanes.stream().mapToInt(lane -> lane.demand().rows()).sum();
    return new EngineState(
        waiting, laneOf.size(), rows, laneBytes(null), prefixBytes(), budget.limit());
  }

  long prefixBytes() {
    return prefixes == null ? 0 : prefixes.bytes();
  }

  private long laneBytes(@Nullable Lane except) {
    long sum = 0;
    for (Lane lane : lanes) {
      sum += lane == except ? 0 : budget.bytes(lane.size());
    }
    return sum;
  }

  /** What lanes must have at least. */
  private long demandBytes(@Nullable Lane except) {
    long sum = 0;
    for (Lane lane : lanes) {
      sum += lane == except ? 0 : budget.bytes(budget.rounded(lane.demand()));
    }
    return sum;
  }

  /**
   * Takes a request in, if it fits beside those that are there.
   *
   * @throws dev.polylm.PolyLmException where memory is wanting all the same
   */
  boolean admit(EngineRequest request) {
    int rows = lanes.stream().mapToInt(lane -> lane.demand().rows()).sum();
    if (!isEmpty() && rows + request.size().rows() > maxRows) {
      return false;
    }
    Lane lane = laneFor(request);
    if (lane == null) {
      return false;
    }
    lane.add(request);
    lane.forget(request); // what its rows still hold is another's
    laneOf.put(request, lane);
    return true;
  }

  private @Nullable Lane laneFor(EngineRequest request) {
    return request.reproducible() ? newLane(request) : sharedLane(request);
  }

  private @Nullable Lane sharedLane(EngineRequest request) {
    for (Lane lane : lanes) {
      if (lane.isPrivate()) {
        continue;
      }
      LaneSize size = budget.rounded(lane.demand().plus(request.size()));
      if (budget.possible(size) && demandBytes(lane) + budget.bytes(size) <= budget.limit()) {
        grow(lane, size);
        return lane;
      }
    }
    return newLane(request);
  }

  private @Nullable Lane newLane(EngineRequest request) {
    LaneSize size = budget.rounded(request.size());
    if (demandBytes(null) + budget.bytes(size) > budget.limit()) {
      return null;
    }
    makeRoom(null, budget.bytes(size));
    Lane lane = new Lane(factory.create(size.rows(), size.capacity(), size.logitsRows()), size);
    lanes.add(lane);
    return lane;
  }

  /** Makes a lane hold a size, with some rows to spare where they cost nobody anything. */
  private void grow(Lane lane, LaneSize size) {
    if (lane.size().holds(size)) {
      return;
    }
    LaneSize roomy = lane.size().max(size.withSpareRows(maxRows));
    boolean free =
        budget.possible(roomy)
            && laneBytes(lane) + prefixBytes() + budget.bytes(roomy) <= budget.limit();
    if (!free) {
      makeRoom(lane, budget.bytes(size));
    }
    lane.resize(free ? roomy : size);
  }

  /** Sees to it that so many bytes are free, those of a lane apart. */
  private void makeRoom(@Nullable Lane except, long bytes) {
    if (laneBytes(except) + prefixBytes() + bytes > budget.limit()) {
      for (Lane lane : lanes) {
        LaneSize least = budget.rounded(lane.demand());
        if (lane != except && !lane.size().equals(least)) {
          lane.resize(least);
        }
      }
    }
    if (prefixes != null) {
      prefixes.shrinkTo(budget.limit() - laneBytes(except) - bytes);
    }
  }

  /**
   * Keeps what a request's first row holds, where prefixes are kept. Texts that are embedded, maybe
   * thousands, would drive out what conversations go on from.
   */
  void keep(EngineRequest request) {
    if (prefixes != null && !request.wantsHiddenStates()) {
      prefixes.add(lane(request).rows(), request.places()[0], prefixRoom());
    }
  }

  /** Lets a request go, and the memory that no other needs. */
  void release(EngineRequest request) {
    Lane lane = lane(request);
    laneOf.remove(request);
    lane.remove(request);
    if (lane.requests().isEmpty()) {
      close(lane);
    } else {
      LaneSize least = budget.rounded(lane.demand());
      if (budget.bytes(least) <= budget.bytes(lane.size()) / 2) {
        lane.resize(least);
      }
    }
  }

  /** Closes the lanes that were lost when their size changed; gives the requests they had. */
  List<EngineRequest> removeBroken() {
    List<EngineRequest> lost = new ArrayList<>();
    for (Lane lane : List.copyOf(lanes)) {
      if (lane.broken()) {
        lost.addAll(lane.requests());
        close(lane);
      }
    }
    laneOf.keySet().removeAll(lost);
    return lost;
  }

  /** Drops all requests and all that is kept. */
  void clear() {
    List.copyOf(lanes).forEach(this::close);
    laneOf.clear();
    forget();
  }

  private void close(Lane lane) {
    lanes.remove(lane);
    lane.rows().close();
  }

  /** Joins two lanes that fit as one; one pair at a time. */
  void join() {
    for (int i = 0; i < lanes.size(); i++) {
      for (int j = i + 1; j < lanes.size(); j++) {
        if (joined(lanes.get(i), lanes.get(j))) {
          return;
        }
      }
    }
  }

  private boolean joined(Lane into, Lane from) {
    if (into.isPrivate() || from.isPrivate()) {
      return false;
    }
    LaneSize size = budget.rounded(into.demand().plus(from.demand()));
    // Both are there while the rows move.
    if (!budget.possible(size) || demandBytes(into) + budget.bytes(size) > budget.limit()) {
      return false;
    }
    grow(into, size);
    into.takeOver(from);
    into.requests().forEach(request -> laneOf.put(request, into));
    close(from);
    return true;
  }

  /** Copies what is known of the prompt that a request reads, from a row or a kept prefix. */
  void reuse(EngineRequest request) {
    if (prefixes == null) {
      return;
    }
    DecoderRows rows = lane(request).rows();
    int[] ids = request.prompt();
    int before = rows.length(request.promptPlace());
    int limit = request.reusableIds();
    for (Lane lane : lanes) {
      for (int row = 0; row < lane.size().rows(); row++) {
        int common = lane.rows().commonPrefix(row, ids, limit);
        if (common > rows.length(request.promptPlace())) {
          rows.copyPrefix(lane.rows(), row, request.promptPlace(), common);
        }
      }
    }
    PrefixStore.Match match = prefixes.find(ids, rows.length(request.promptPlace()) + 1, limit);
    if (match != null) {
      CachedPrefix prefix = match.prefix();
      rows.copyPrefix(prefix, request.promptPlace(), match.length());
    }
    request.reused(rows.length(request.promptPlace()) - before);
  }

  /** A copy of what is kept of the beginning of ids; null where that is nothing. */
  @Nullable CachedPrefix copyOfPrefix(int[] ids) {
    PrefixStore.Match match = prefixes == null ? null : prefixes.find(ids, 1, ids.length);
    return match == null ? null : match.prefix().copy(match.length());
  }

  /** Keeps keys and values that come from elsewhere, where prefixes are kept. */
  void keep(CachedPrefix prefix) {
    if (prefixes == null) {
      prefix.close();
    } else {
      prefixes.add(prefix, prefixRoom());
    }
  }

  private long prefixRoom() {
    return Math.min(budget.limit() / 2, budget.limit() - laneBytes(null));
  }

  /** Drops the kept prefixes. */
  void forget() {
    if (prefixes != null) {
      prefixes.shrinkTo(0);
    }
  }
}

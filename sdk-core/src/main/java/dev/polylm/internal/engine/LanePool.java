package dev.polylm.internal.engine;

import dev.polylm.EngineState;
import dev.polylm.internal.adapter.LoadedAdapter;
import dev.polylm.internal.runtime.CachedPrefix;
import dev.polylm.internal.runtime.DecoderRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lanes, their sizes, the kept prefixes and a draft model's rows. It keeps their memory within
 * the budget.
 *
 * <p>All rows of a lane are as long as its longest request can become. So one lane saves time, and
 * several lanes save memory. The pool opens another lane only for a request that would not fit
 * otherwise, and joins lanes as soon as they fit as one. A reproducible request has its own lane,
 * whose size depends on nothing else.
 */
final class LanePool {

  /** Makes the rows of a lane. */
  interface RowsFactory {
    DecoderRows create(int rows, int capacity, int logitsRows);
  }

  /** Gives adapters the places that runs take them from. */
  interface AdapterPlaces {
    /**
     * Gives an adapter a place, unless it has one.
     *
     * @param inUse the adapters that keep theirs
     * @return false if there is none left
     */
    boolean place(LoadedAdapter adapter, Collection<LoadedAdapter> inUse);
  }

  private final RowsFactory factory;
  private final AdapterPlaces adapters;
  private final MemoryBudget budget;
  private final int maxRows;
  private final @Nullable PrefixStore prefixes; // null if nothing is reused
  private final @Nullable DraftRows drafts; // null without a draft model
  private final List<Lane> lanes = new ArrayList<>();
  private final Map<EngineRequest, Lane> laneOf = new LinkedHashMap<>(); // by admission

  LanePool(
      RowsFactory factory,
      AdapterPlaces adapters,
      MemoryBudget budget,
      int maxRows,
      boolean prefixReuse,
      @Nullable DraftRows drafts) {
    this.drafts = drafts;
    this.factory = factory;
    this.adapters = adapters;
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

  /** Returns the requests that take part in steps, in the order of their admission. */
  List<EngineRequest> running() {
    return laneOf.keySet().stream().filter(request -> !request.preempted()).toList();
  }

  /** Returns the requests that keep their memory but not their turn. */
  List<EngineRequest> preempted() {
    return laneOf.keySet().stream().filter(EngineRequest::preempted).toList();
  }

  /** Returns how many rows too few are free for a request; 0 if it is the only one to run. */
  int missingRows(EngineRequest request) {
    int rows = rows();
    return rows == 0 ? 0 : Math.max(0, rows + request.size().rows() - maxRows);
  }

  /** Returns the rows that the running requests may hold. */
  private int rows() {
    return running().stream().mapToInt(request -> request.size().rows()).sum();
  }

  /** Returns the rows that each caller's running requests may hold. */
  Map<String, Integer> rowsByCaller() {
    Map<String, Integer> rows = new HashMap<>();
    for (EngineRequest request : running()) {
      if (request.caller() != null) {
        rows.merge(request.caller(), request.size().rows(), Integer::sum);
      }
    }
    return rows;
  }

  /** Returns the bytes that lanes, prefixes and a draft model's rows take. */
  long bytes() {
    return laneBytes(null) + spareBytes();
  }

  /** Returns how many more bytes a draft model's rows may take. */
  long freeBytes() {
    return budget.limit() - bytes();
  }

  /** Returns the bytes that can be freed for lanes. */
  private long spareBytes() {
    return prefixBytes() + draftBytes();
  }

  private long draftBytes() {
    return drafts == null ? 0 : drafts.bytes();
  }

  /** Returns the present load, given the number of waiting requests. */
  EngineState state(int waiting) {
    return new EngineState(
        waiting,
        running().size(),
        rows(),
        laneBytes(null) + draftBytes(),
        prefixBytes(),
        budget.limit());
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

  /** Returns the bytes that the lanes need at least. */
  private long demandBytes(@Nullable Lane except) {
    long sum = 0;
    for (Lane lane : lanes) {
      sum += lane == except ? 0 : budget.bytes(budget.rounded(lane.demand()));
    }
    return sum;
  }

  /**
   * Admits a request if its memory and its adapter fit together with those of the others.
   *
   * @throws dev.polylm.PolyLmException if there still is not enough memory
   */
  boolean admit(EngineRequest request) {
    LoadedAdapter adapter = request.adapter();
    if (adapter != null && !adapters.place(adapter, adaptersInUse())) {
      return false;
    }
    Lane lane = laneFor(request);
    if (lane == null) {
      return false;
    }
    lane.add(request);
    lane.forget(request); // its rows still hold another request's ids
    laneOf.put(request, lane);
    return true;
  }

  private Collection<LoadedAdapter> adaptersInUse() {
    return laneOf.keySet().stream()
        .map(EngineRequest::adapter)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
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
      if (budget.possible(size) && demandBytes(lane) + budget.bytes(size) <= limitFor(request)) {
        grow(lane, size);
        return lane;
      }
    }
    return newLane(request);
  }

  /** Returns the bytes that all lanes may take. A caller that has some leaves a part to others. */
  private long limitFor(EngineRequest request) {
    String caller = request.caller();
    boolean hasSome =
        caller != null && laneOf.keySet().stream().anyMatch(other -> caller.equals(other.caller()));
    return hasSome ? CallerShare.of(budget.limit()) : budget.limit();
  }

  private @Nullable Lane newLane(EngineRequest request) {
    LaneSize size = budget.rounded(request.size());
    if (demandBytes(null) + budget.bytes(size) > limitFor(request)) {
      return null;
    }
    makeRoom(null, budget.bytes(size));
    Lane lane = new Lane(factory.create(size.rows(), size.capacity(), size.logitsRows()), size);
    lanes.add(lane);
    return lane;
  }

  /** Grows a lane to a size, with spare rows if they cost nothing. */
  private void grow(Lane lane, LaneSize size) {
    if (lane.size().holds(size)) {
      return;
    }
    LaneSize roomy = lane.size().max(size.withSpareRows(maxRows));
    boolean free =
        budget.possible(roomy)
            && laneBytes(lane) + spareBytes() + budget.bytes(roomy) <= budget.limit();
    if (!free) {
      makeRoom(lane, budget.bytes(size));
    }
    lane.resize(free ? roomy : size);
  }

  /** Frees so many bytes, not counting those of one lane. */
  private void makeRoom(@Nullable Lane except, long bytes) {
    if (laneBytes(except) + spareBytes() + bytes > budget.limit()) {
      for (Lane lane : lanes) {
        LaneSize least = budget.rounded(lane.demand());
        if (lane != except && !lane.size().equals(least)) {
          lane.resize(least);
        }
      }
    }
    long left = budget.limit() - laneBytes(except) - bytes;
    if (prefixes != null) {
      prefixes.shrinkTo(left - draftBytes());
    }
    if (drafts != null) {
      drafts.shrinkTo(left - prefixBytes());
    }
  }

  /**
   * Keeps the ids of a request's first row if prefixes are kept. Texts to embed are not kept: there
   * may be thousands, which would displace the prefixes of conversations.
   */
  void keep(EngineRequest request) {
    if (prefixes != null && !request.wantsHiddenStates()) {
      prefixes.add(lane(request).rows(), request.places()[0], prefixRoom());
    }
  }

  /** Removes a request, and frees the memory that no other request needs. */
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

  /** Closes the lanes that were lost when their size changed, and returns their requests. */
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

  /** Drops all requests and all kept prefixes. */
  void clear() {
    List.copyOf(lanes).forEach(this::close);
    laneOf.clear();
    forget();
  }

  private void close(Lane lane) {
    lanes.remove(lane);
    lane.rows().close();
  }

  /** Joins one pair of lanes that fit as one. */
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
    // Both lanes exist while the rows move.
    if (!budget.possible(size) || demandBytes(into) + budget.bytes(size) > budget.limit()) {
      return false;
    }
    grow(into, size);
    into.takeOver(from);
    into.requests().forEach(request -> laneOf.put(request, into));
    close(from);
    return true;
  }

  /** Copies the known beginning of the prompt that a request reads, from a row or a kept prefix. */
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
        if (lane.rows().adapter(row) != request.adapter()) {
          continue;
        }
        int common = lane.rows().commonPrefix(row, ids, limit);
        if (common > rows.length(request.promptPlace())) {
          rows.copyPrefix(lane.rows(), row, request.promptPlace(), common);
        }
      }
    }
    int atLeast = rows.length(request.promptPlace()) + 1;
    PrefixStore.Match match = prefixes.find(request.adapter(), ids, atLeast, limit);
    if (match != null) {
      CachedPrefix prefix = match.prefix();
      rows.copyPrefix(prefix, request.promptPlace(), match.length());
    }
    request.reused(rows.length(request.promptPlace()) - before);
  }

  /** Returns a copy of the kept beginning of ids without an adapter, or null if there is none. */
  @Nullable CachedPrefix copyOfPrefix(int[] ids) {
    PrefixStore.Match match = prefixes == null ? null : prefixes.find(null, ids, 1, ids.length);
    return match == null ? null : match.prefix().copy(match.length());
  }

  /** Keeps keys and values from elsewhere if prefixes are kept. Returns whether it does. */
  boolean keep(CachedPrefix prefix) {
    if (prefixes == null) {
      prefix.close();
      return false;
    }
    return prefixes.add(prefix, prefixRoom());
  }

  private long prefixRoom() {
    return Math.min(budget.limit() / 2, budget.limit() - laneBytes(null) - draftBytes());
  }

  /** Drops the kept prefixes, and a draft model's rows. */
  void forget() {
    if (prefixes != null) {
      prefixes.shrinkTo(0);
    }
    if (drafts != null) {
      drafts.shrinkTo(0);
    }
  }
}

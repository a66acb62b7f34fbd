package dev.polylm.internal.engine;

import dev.polylm.QueueFullException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait. Those of the highest priority go first; within one, those of the caller
 * who holds the fewest rows; then first come, first served. Bounded, for all and for each caller.
 *
 * <p>Thread-safe.
 */
final class RequestQueue {
  private final int capacity;
  private final TreeMap<Integer, ArrayDeque<EngineRequest>> byPriority =
      new TreeMap<>(Comparator.reverseOrder()); // no empty queue in it; guarded by this
  private int size; // guarded by this

  RequestQueue(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Adds a request at its priority's end.
   *
   * @throws QueueFullException where as many wait as may
   */
  synchronized void add(EngineRequest request) {
    if (isFullFor(request)) {
      removeIf(EngineRequest::ended); // cancelled since the last step
    }
    if (isFullFor(request)) {
      throw new QueueFullException(size == capacity ? size : CallerShare.of(capacity));
    }
    byPriority.computeIfAbsent(request.priority(), priority -> new ArrayDeque<>()).add(request);
    size++;
  }

  private boolean isFullFor(EngineRequest request) {
    int most = CallerShare.of(capacity);
    return size == capacity
        || (request.caller() != null && size >= most && sizeOf(request.caller()) >= most);
  }

  /** How many requests of a caller wait. */
  private int sizeOf(String caller) {
    int count = 0;
    for (ArrayDeque<EngineRequest> queue : byPriority.values()) {
      for (EngineRequest waiting : queue) {
        count += caller.equals(waiting.caller()) ? 1 : 0;
      }
    }
    return count;
  }

  /**
   * The request whose turn it is, null where none waits that may have rows. Only this method
   * decides whose.
   *
   * @param rowsByCaller the rows that callers hold
   * @param maxRows the rows that all may hold together
   */
  synchronized @Nullable EngineRequest next(Map<String, Integer> rowsByCaller, int maxRows) {
    for (ArrayDeque<EngineRequest> queue : byPriority.values()) {
      EngineRequest next = null;
      int least = Integer.MAX_VALUE;
      for (EngineRequest request : queue) {
        String caller = request.caller();
        int held = caller == null ? 0 : rowsByCaller.getOrDefault(caller, 0);
        boolean within = held + request.size().rows() <= CallerShare.of(maxRows);
        if (held < least && (held == 0 || within)) {
          next = request;
          least = held;
        }
      }
      if (next != null) {
        return next;
      }
    }
    return null;
  }

  synchronized int size() {
    return size;
  }

  /** Takes a request out, if it is there. */
  void remove(EngineRequest request) {
    removeIf(request::equals);
  }

  /** Takes out and gives the requests of which something is true. */
  synchronized List<EngineRequest> removeIf(Predicate<EngineRequest> condition) {
    List<EngineRequest> removed = new ArrayList<>();
    for (ArrayDeque<EngineRequest> queue : byPriority.values()) {
      queue.removeIf(request -> condition.test(request) && removed.add(request));
    }
    byPriority.values().removeIf(ArrayDeque::isEmpty);
    size -= removed.size();
    return removed;
  }
}

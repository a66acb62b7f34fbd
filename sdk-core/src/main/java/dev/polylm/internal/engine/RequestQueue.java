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
 * The waiting requests, and those that were preempted. The highest priority goes first. Within a
 * priority, the caller with the fewest rows goes first, then the order of arrival counts. The
 * number of requests is limited, in total and for each caller.
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
   * Adds a request at the end of its priority.
   *
   * @throws QueueFullException if the queue is full
   */
  synchronized void add(EngineRequest request) {
    if (isFullFor(request)) {
      removeIf(EngineRequest::ended); // cancelled since the last step
    }
    if (isFullFor(request)) {
      throw new QueueFullException(size >= capacity ? size : CallerShare.of(capacity));
    }
    byPriority.computeIfAbsent(request.priority(), priority -> new ArrayDeque<>()).add(request);
    size++;
  }

  /** Puts a preempted request before all others of its priority, even if the queue is full. */
  synchronized void putBack(EngineRequest request) {
    byPriority
        .computeIfAbsent(request.priority(), priority -> new ArrayDeque<>())
        .addFirst(request);
    size++;
  }

  private boolean isFullFor(EngineRequest request) {
    int most = CallerShare.of(capacity);
    return size >= capacity
        || (request.caller() != null && size >= most && sizeOf(request.caller()) >= most);
  }

  /** Returns how many requests of a caller wait. */
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
   * Returns the request whose turn it is, or null if none waits. Only this method decides that.
   *
   * @param rowsByCaller the rows that callers hold
   */
  synchronized @Nullable EngineRequest next(Map<String, Integer> rowsByCaller) {
    if (byPriority.isEmpty()) {
      return null;
    }
    EngineRequest next = null;
    int least = Integer.MAX_VALUE;
    for (EngineRequest request : byPriority.firstEntry().getValue()) {
      String caller = request.caller();
      int held = caller == null ? 0 : rowsByCaller.getOrDefault(caller, 0);
      if (held < least) {
        next = request;
        least = held;
      }
    }
    return next;
  }

  /** Returns all waiting requests. */
  synchronized List<EngineRequest> waiting() {
    return byPriority.values().stream().flatMap(ArrayDeque::stream).toList();
  }

  synchronized int size() {
    return size;
  }

  /** Removes a request if it is in the queue. */
  void remove(EngineRequest request) {
    removeIf(request::equals);
  }

  /** Removes and returns the requests that meet a condition. */
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

package dev.polylm.internal.engine;

import dev.polylm.QueueFullException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The waiting requests, and those that were preempted. The highest priority goes first. Within a
 * priority, the caller with the fewest rows goes first. The number of requests is limited, in total
 * and for each caller.
 *
 * <p>Callers with equally many rows take turns, so that a new caller waits for one request of each
 * other caller at most, and not for all of them. This is start-time fair queueing (P. Goyal, H. Vin
 * and H. Cheng, 1996): a request begins at the virtual time of its arrival, but not within a unit
 * of time after the last one of its caller. The least beginning goes first, then the order of
 * arrival counts. The time also passes a little with each turn, so that even a flood of new callers
 * delays nobody for ever.
 *
 * <p>Thread-safe.
 */
final class RequestQueue {
  private final int capacity;
  private final TreeMap<Integer, ArrayDeque<Waiting>> byPriority =
      new TreeMap<>(Comparator.reverseOrder()); // no empty queue in it; guarded by this
  private final Map<String, Double> turnEnds = new HashMap<>(); // by caller; guarded by this
  private double time; // guarded by this
  private int size; // guarded by this

  /** A request, and the virtual time of its arrival. */
  private record Waiting(EngineRequest request, double since) {}

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
    byPriority
        .computeIfAbsent(request.priority(), priority -> new ArrayDeque<>())
        .add(new Waiting(request, time));
    size++;
  }

  /** Puts a preempted request before all others of its priority, even if the queue is full. */
  synchronized void putBack(EngineRequest request) {
    byPriority
        .computeIfAbsent(request.priority(), priority -> new ArrayDeque<>())
        .addFirst(new Waiting(request, time));
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
    for (ArrayDeque<Waiting> queue : byPriority.values()) {
      for (Waiting waiting : queue) {
        count += caller.equals(waiting.request().caller()) ? 1 : 0;
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
    Waiting next = null;
    int least = Integer.MAX_VALUE;
    double first = Double.MAX_VALUE;
    for (Waiting waiting : byPriority.firstEntry().getValue()) {
      String caller = waiting.request().caller();
      int held = caller == null ? 0 : rowsByCaller.getOrDefault(caller, 0);
      double begin = begin(waiting);
      if (held < least || (held == least && begin < first)) {
        next = waiting;
        least = held;
        first = begin;
      }
    }
    return next == null ? null : next.request();
  }

  private double begin(Waiting waiting) {
    String caller = waiting.request().caller();
    return caller == null
        ? waiting.since()
        : Math.max(waiting.since(), turnEnds.getOrDefault(caller, 0.0));
  }

  /** Returns all waiting requests. */
  synchronized List<EngineRequest> waiting() {
    return byPriority.values().stream().flatMap(ArrayDeque::stream).map(Waiting::request).toList();
  }

  synchronized int size() {
    return size;
  }

  /** Removes a request if it is in the queue. That is a turn of its caller. */
  synchronized void take(EngineRequest request) {
    for (ArrayDeque<Waiting> queue : byPriority.values()) {
      for (Waiting waiting : queue) {
        if (waiting.request().equals(request)) {
          takeTurn(waiting);
        }
      }
    }
    removeIf(request::equals);
  }

  private void takeTurn(Waiting waiting) {
    double begin = begin(waiting);
    time = Math.max(time, begin) + 1.0 / capacity;
    if (waiting.request().caller() != null) {
      turnEnds.put(waiting.request().caller(), begin + 1);
    }
    if (turnEnds.size() > capacity) {
      forgetPast();
    }
  }

  /** Forgets the turns that no longer delay a request. */
  private void forgetPast() {
    Set<String> callers = new HashSet<>();
    waiting().forEach(request -> callers.add(String.valueOf(request.caller())));
    turnEnds.entrySet().removeIf(end -> end.getValue() <= time && !callers.contains(end.getKey()));
  }

  /** Removes and returns the requests that meet a condition. */
  synchronized List<EngineRequest> removeIf(Predicate<EngineRequest> condition) {
    List<EngineRequest> removed = new ArrayList<>();
    for (ArrayDeque<Waiting> queue : byPriority.values()) {
      queue.removeIf(
          waiting -> condition.test(waiting.request()) && removed.add(waiting.request()));
    }
    byPriority.values().removeIf(ArrayDeque::isEmpty);
    size -= removed.size();
    return removed;
  }
}

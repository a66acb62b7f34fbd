package dev.polylm.internal.engine;

import dev.polylm.QueueFullException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait: the highest priority first, first come first served within one. Bounded.
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
    if (size == capacity) {
      removeIf(waiting -> waiting.ended()); // cancelled since the last step
    }
    if (size == capacity) {
      throw new QueueFullException(capacity);
    }
    byPriority.computeIfAbsent(request.priority(), priority -> new ArrayDeque<>()).add(request);
    size++;
  }

  /** The request whose turn it is, null where none waits. Only this method decides whose. */
  synchronized @Nullable EngineRequest peek() {
    return byPriority.isEmpty() ? null : byPriority.firstEntry().getValue().peek();
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

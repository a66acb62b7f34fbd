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
 * The jobs that wait: the highest priority first, first come first served within one. Bounded.
 *
 * <p>Thread-safe.
 */
final class JobQueue {
  private final int capacity;
  private final TreeMap<Integer, ArrayDeque<Job>> byPriority =
      new TreeMap<>(Comparator.reverseOrder()); // no empty queue in it; guarded by this
  private int size; // guarded by this

  JobQueue(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Adds a job at its priority's end.
   *
   * @throws QueueFullException where as many wait as may
   */
  synchronized void add(Job job) {
    if (size == capacity) {
      removeIf(waiting -> waiting.ticket().ended()); // cancelled since the last step
    }
    if (size == capacity) {
      throw new QueueFullException(capacity);
    }
    byPriority.computeIfAbsent(job.priority(), priority -> new ArrayDeque<>()).add(job);
    size++;
  }

  /** The job whose turn it is, null where none waits. */
  synchronized @Nullable Job peek() {
    return byPriority.isEmpty() ? null : byPriority.firstEntry().getValue().peek();
  }

  synchronized int size() {
    return size;
  }

  /** Takes a job out, if it is there. */
  void remove(Job job) {
    removeIf(job::equals);
  }

  /** Takes out and gives the jobs of which something is true. */
  synchronized List<Job> removeIf(Predicate<Job> condition) {
    List<Job> removed = new ArrayList<>();
    for (ArrayDeque<Job> queue : byPriority.values()) {
      queue.removeIf(job -> condition.test(job) && removed.add(job));
    }
    byPriority.values().removeIf(ArrayDeque::isEmpty);
    size -= removed.size();
    return removed;
  }
}

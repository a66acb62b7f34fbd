package dev.polylm.internal.engine;

import dev.polylm.QueueFullException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that wait. Those of the highest priority go first; within one, those of the caller who
 * holds the fewest rows; then first come, first served. Bounded, for all and for each caller.
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
    if (isFullFor(job)) {
      removeIf(waiting -> waiting.ticket().ended()); // cancelled since the last step
    }
    if (isFullFor(job)) {
      throw new QueueFullException(size == capacity ? size : CallerShare.of(capacity));
    }
    byPriority.computeIfAbsent(job.priority(), priority -> new ArrayDeque<>()).add(job);
    size++;
  }

  private boolean isFullFor(Job job) {
    int most = CallerShare.of(capacity);
    return size == capacity || (job.caller() != null && size >= most && sizeOf(job) >= most);
  }

  /** How many jobs of a job's caller wait. */
  private int sizeOf(Job job) {
    int count = 0;
    for (ArrayDeque<Job> queue : byPriority.values()) {
      for (Job waiting : queue) {
        count += Objects.equals(waiting.caller(), job.caller()) ? 1 : 0;
      }
    }
    return count;
  }

  /**
   * The job whose turn it is, null where none waits that may have rows.
   *
   * @param rowsByCaller the rows that callers hold
   * @param maxRows the rows that all may hold together
   */
  synchronized @Nullable Job next(Map<String, Integer> rowsByCaller, int maxRows) {
    for (ArrayDeque<Job> queue : byPriority.values()) {
      Job next = null;
      int least = Integer.MAX_VALUE;
      for (Job job : queue) {
        int held = job.caller() == null ? 0 : rowsByCaller.getOrDefault(job.caller(), 0);
        boolean within = held + job.size().rows() <= CallerShare.of(maxRows);
        if (held < least && (held == 0 || within)) {
          next = job;
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

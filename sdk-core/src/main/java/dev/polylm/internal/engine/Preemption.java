package dev.polylm.internal.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which requests to preempt if a caller with fewer rows waits. So that caller waits for the
 * step that runs, but not for the answers of others.
 *
 * <p>A caller's share is an equal part of the rows. Only callers with more rows than their share
 * give some up: the latest requests first, and never their only one. A preempted request keeps its
 * memory and goes on later, as if nothing had happened.
 */
final class Preemption {
  private final EngineRequest request;
  private final int share;
  private final List<EngineRequest> running;
  private final Map<String, Integer> rows = new HashMap<>(); // by caller
  private final Map<String, Integer> requests = new HashMap<>(); // by caller

  /**
   * @param request the waiting request that goes next
   * @param running the requests that take part in steps, in the order of their admission
   * @param waiting all requests that wait
   * @param maxRows the rows that all may hold together
   */
  Preemption(
      EngineRequest request,
      List<EngineRequest> running,
      List<EngineRequest> waiting,
      int maxRows) {
    this.request = request;
    this.running = new ArrayList<>(running);
    this.share = Math.max(1, maxRows / callers(running, waiting));
    for (EngineRequest other : running) {
      if (other.caller() != null) {
        rows.merge(other.caller(), other.size().rows(), Integer::sum);
        requests.merge(other.caller(), 1, Integer::sum);
      }
    }
  }

  /** Counts callers. A request that names none counts as one. */
  private static int callers(List<EngineRequest> running, List<EngineRequest> waiting) {
    Set<Object> callers = new HashSet<>();
    for (List<EngineRequest> requests : List.of(running, waiting)) {
      for (EngineRequest request : requests) {
        callers.add(request.caller() == null ? request : request.caller());
      }
    }
    return Math.max(1, callers.size());
  }

  /**
   * Returns the requests to preempt, the latest first; none if that can't free enough rows, or if
   * the waiting request's caller has its share.
   *
   * @param missing the rows to free, at least 1
   */
  List<EngineRequest> victims(int missing) {
    int held = rowsOf(request);
    if (held > 0 && held + request.size().rows() > share) {
      return List.of();
    }
    List<EngineRequest> victims = new ArrayList<>();
    int left = missing;
    while (left > 0) {
      EngineRequest victim = nextVictim();
      if (victim == null) {
        return List.of();
      }
      remove(victim);
      victims.add(victim);
      left -= victim.size().rows();
    }
    return victims;
  }

  /** Returns the latest request of the caller with the most rows, or null if nobody has to give. */
  private @Nullable EngineRequest nextVictim() {
    EngineRequest victim = null;
    for (EngineRequest other : running) {
      if (mayPreempt(other) && (victim == null || rowsOf(other) >= rowsOf(victim))) {
        victim = other;
      }
    }
    return victim;
  }

  private boolean mayPreempt(EngineRequest other) {
    String caller = other.caller();
    return caller != null
        && !caller.equals(request.caller())
        && other.priority() <= request.priority()
        && rowsOf(other) > share
        && requests.getOrDefault(caller, 0) > 1;
  }

  private int rowsOf(EngineRequest other) {
    return other.caller() == null ? 0 : rows.getOrDefault(other.caller(), 0);
  }

  private void remove(EngineRequest victim) {
    running.remove(victim);
    rows.merge(String.valueOf(victim.caller()), -victim.size().rows(), Integer::sum);
    requests.merge(String.valueOf(victim.caller()), -1, Integer::sum);
  }
}

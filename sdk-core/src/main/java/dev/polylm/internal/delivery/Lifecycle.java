package dev.polylm.internal.delivery;

import dev.polylm.PolyLmException;
import java.util.function.Supplier;

/**
 * Coordinates the calls to a model with its close: close refuses later calls and waits for those in
 * flight. Thread-safe.
 */
public final class Lifecycle {
  private final Object lock = new Object();
  private final ThreadLocal<Integer> depth = ThreadLocal.withInitial(() -> 0); // calls in calls
  private int calls; // in flight; guarded by lock
  private boolean closed; // guarded by lock

  /** A call that may end on a different thread than it began on. */
  final class Call {
    private boolean ended; // guarded by lock

    /** Ends the call. Call this once. */
    void end() {
      synchronized (lock) {
        ended = true;
      }
      leave();
    }

    /**
     * Runs a caller's code that listens to this call. The code's own calls to the model belong to
     * this call. If this call has ended and the model is closed, they are refused.
     */
    void run(Runnable action) {
      boolean counted;
      synchronized (lock) {
        counted = !ended || !closed;
        calls += counted ? 1 : 0;
      }
      if (counted) {
        marked(action);
      } else {
        action.run();
      }
    }

    private void marked(Runnable action) {
      mark();
      try {
        action.run();
      } finally {
        unmark();
        leave();
      }
    }
  }

  /**
   * Makes a call on the calling thread.
   *
   * @throws PolyLmException if the model is closed
   */
  public <T> T call(Supplier<T> action) {
    enter();
    mark();
    try {
      return action.get();
    } finally {
      unmark();
      leave();
    }
  }

  /**
   * Begins a call.
   *
   * @throws PolyLmException if the model is closed
   */
  Call begin() {
    enter();
    return new Call();
  }

  private void enter() {
    int callsOfThread = depth.get();
    synchronized (lock) {
      if (closed && callsOfThread == 0) { // a listener's calls belong to its call
        throw new PolyLmException("the model is closed");
      }
      calls++;
    }
  }

  private void leave() {
    synchronized (lock) {
      calls--;
      lock.notifyAll();
    }
  }

  /** Marks that further calls of this thread belong to a call. */
  private void mark() {
    depth.set(depth.get() + 1);
  }

  private void unmark() {
    int callsOfThread = depth.get() - 1;
    if (callsOfThread == 0) {
      depth.remove();
    } else {
      depth.set(callsOfThread);
    }
  }

  /**
   * Refuses calls from now on. Returns true the first time.
   *
   * @throws PolyLmException if a listener of a call calls this
   */
  public boolean refuse() {
    if (depth.get() > 0) {
      throw new PolyLmException("a listener can't close the model that calls it");
    }
    synchronized (lock) {
      boolean first = !closed;
      closed = true;
      return first;
    }
  }

  /** Waits for the calls in flight. An interrupt takes effect only afterwards. */
  public void awaitCalls() {
    boolean interrupted = false;
    synchronized (lock) {
      while (calls > 0) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true; // memory that they use can't be freed
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

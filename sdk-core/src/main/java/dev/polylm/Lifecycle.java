package dev.polylm;

import java.util.function.Supplier;

/**
 * Orders the calls to a model and its close: a call that comes after close is refused, those in
 * flight are waited for.
 */
final class Lifecycle {
  private final Object lock = new Object();
  private final ThreadLocal<Integer> depth = ThreadLocal.withInitial(() -> 0); // calls in calls
  private int calls; // in flight; guarded by lock
  private boolean closed; // guarded by lock

  /** Makes a call, unless the model is closed. */
  <T> T call(Supplier<T> action) {
    enter();
    try {
      return action.get();
    } finally {
      leave();
    }
  }

  /**
   * A call that another thread makes, once, and that close waits for from now on; where the model
   * is closed now, it is refused when it is made.
   */
  <T> Supplier<T> begin(Supplier<T> action) {
    if (!count()) {
      return () -> {
        throw closed();
      };
    }
    return () -> {
      depth.set(depth.get() + 1);
      try {
        return action.get();
      } finally {
        leave();
      }
    };
  }

  private void enter() {
    if (!count()) {
      throw closed();
    }
    depth.set(depth.get() + 1);
  }

  /** False where the model is closed. */
  private boolean count() {
    int callsOfThread = depth.get();
    synchronized (lock) {
      if (closed && callsOfThread == 0) { // what a listener asks belongs to its call
        return false;
      }
      calls++;
      return true;
    }
  }

  private static PolyLmException closed() {
    return new PolyLmException("the model is closed");
  }

  private void leave() {
    int callsOfThread = depth.get() - 1;
    if (callsOfThread == 0) {
      depth.remove();
    } else {
      depth.set(callsOfThread);
    }
    synchronized (lock) {
      calls--;
      lock.notifyAll();
    }
  }

  /**
   * Refuses calls from now on; true the first time.
   *
   * @throws PolyLmException where a listener of a call asks
   */
  boolean refuse() {
    if (depth.get() > 0) {
      throw new PolyLmException("a model can't be closed by a listener of its own call");
    }
    synchronized (lock) {
      boolean first = !closed;
      closed = true;
      return first;
    }
  }

  /** Waits for the calls in flight; an interrupt waits until then too. */
  void awaitCalls() {
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

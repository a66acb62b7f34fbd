package dev.polylm;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Orders the calls to a model and its close: close waits for the calls in flight. */
final class Lifecycle {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed; // guarded by lock

  /** Makes a call, unless the model is closed. */
  <T> T call(Supplier<T> action) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new PolyLmException("the model is closed");
      }
      return action.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Waits for the calls in flight, then runs the action; only the first time. */
  void close(Runnable action) {
    if (lock.getReadHoldCount() > 0) {
      throw new PolyLmException("a model can't be closed by a listener of its own call");
    }
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        action.run();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}

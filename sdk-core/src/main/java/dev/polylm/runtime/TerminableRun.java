package dev.polylm.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.polylm.PolyLmException;
import java.util.concurrent.CancellationException;

/** Runs a session so that another thread can end the run that is under way. */
final class TerminableRun implements AutoCloseable {
  private final OrtSession session;
  private final OrtSession.RunOptions options;
  private boolean terminated; // guarded by this
  private boolean closed; // guarded by this

  TerminableRun(OrtSession session) {
    this.session = session;
    try {
      this.options = new OrtSession.RunOptions();
    } catch (OrtException e) {
      throw new PolyLmException("run options can't be made: " + e.getMessage(), e);
    }
  }

  /**
   * Runs the session once.
   *
   * @throws CancellationException where the run was ended, or was not begun for that
   */
  void run(RunTensors tensors) throws OrtException {
    try {
      tensors.run(session, options);
    } catch (OrtException e) {
      if (isTerminated()) {
        CancellationException cancelled = new CancellationException("the run was terminated");
        cancelled.initCause(e);
        throw cancelled;
      }
      throw e;
    }
  }

  private synchronized boolean isTerminated() {
    return terminated;
  }

  /** Ends the run under way and those to come; from any thread. */
  synchronized void terminate() {
    if (!closed) {
      terminated = true;
      try {
        options.setTerminate(true);
      } catch (OrtException e) {
        throw new PolyLmException("the run can't be terminated: " + e.getMessage(), e);
      }
    }
  }

  /** Frees the run's options; not while it is under way. Idempotent. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      options.close();
    }
  }
}

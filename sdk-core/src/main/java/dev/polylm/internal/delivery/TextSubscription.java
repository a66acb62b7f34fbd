package dev.polylm.internal.delivery;

import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Sends the pieces of a generation to a subscriber as it requests them, one signal at a time, on
 * {@link CallerThreads}. Pieces that were not requested yet wait. Neither the model nor a thread
 * waits for them. Cancelling the subscription cancels the generation.
 */
final class TextSubscription implements Flow.Subscription {
  private final Flow.Subscriber<? super String> subscriber;
  private final boolean knowsResult;
  private final CallerThreads.Repeated signals = new CallerThreads.Repeated(this::signal);
  private @Nullable Generation generation; // guarded by this; null until it is attached
  private long demand; // guarded by this
  private boolean ended; // guarded by this: cancelled, or its last signal is given
  private @Nullable Throwable misuse; // guarded by this: why no more pieces are given

  /**
   * @param knowsResult whether the subscriber learns from the result that the model was closed;
   *     else that is an error
   */
  TextSubscription(Flow.Subscriber<? super String> subscriber, boolean knowsResult) {
    this.subscriber = subscriber;
    this.knowsResult = knowsResult;
  }

  /** Starts the signals, after the subscriber has the subscription. */
  void attach(Generation started) {
    synchronized (this) {
      generation = started;
      if (ended || misuse != null) {
        started.cancel();
      }
    }
    started.pieces().onPiece(signals::run);
  }

  @Override
  public void request(long n) {
    boolean attached;
    synchronized (this) {
      attached = generation != null;
      if (ended) {
        return;
      }
      if (n <= 0) {
        misuse = new IllegalArgumentException("requested %s pieces, must be above 0".formatted(n));
      } else {
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      }
    }
    if (attached) {
      signals.run();
    }
  }

  @Override
  public void cancel() {
    Generation running;
    synchronized (this) {
      ended = true;
      running = generation;
    }
    if (running != null) {
      running.cancel();
    }
  }

  /**
   * Sends signals. The subscriber's own calls to the model belong to the call that it listens to.
   */
  private void signal() {
    Generation running;
    synchronized (this) {
      running = generation;
    }
    if (running != null) {
      running.run(() -> signal(running));
    }
  }

  /** Sends all signals that are due. Only one thread at a time calls this. */
  private void signal(Generation running) {
    try {
      for (String piece = next(running); piece != null; piece = next(running)) {
        subscriber.onNext(piece);
      }
    } catch (RuntimeException | Error e) {
      refuse(e);
    }
    if (over(running)) {
      end(running);
    }
  }

  private synchronized void refuse(Throwable thrown) {
    misuse = thrown;
  }

  /** Returns a requested piece, or null if there is none. */
  private synchronized @Nullable String next(Generation running) {
    String piece = demand == 0 || ended || misuse != null ? null : running.pieces().poll();
    if (piece != null && demand != Long.MAX_VALUE) {
      demand--;
    }
    return piece;
  }

  /** Returns true once, when the last signal is due. */
  private synchronized boolean over(Generation running) {
    boolean due = !ended && (misuse != null || running.pieces().atEnd());
    ended |= due;
    return due;
  }

  /** Returns whether a close ended the generation: a subscriber that cancelled gets no signals. */
  private boolean closed(Generation running) {
    return !knowsResult && Closed.cut(running.result());
  }

  private void end(Generation running) {
    Throwable error;
    synchronized (this) {
      error = misuse;
    }
    if (error != null) {
      running.cancel();
    } else {
      error = running.failure();
    }
    if (error == null && closed(running)) {
      error = Closed.exception(running.result());
    }
    if (error == null) {
      subscriber.onComplete();
    } else {
      subscriber.onError(error);
    }
  }
}

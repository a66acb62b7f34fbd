package dev.polylm.internal.delivery;

import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Gives the pieces of a generation to a subscriber as it asks for them, one signal at a time, on
 * {@link CallerThreads}. A piece that is not asked for yet waits with those after it; neither the
 * model nor a thread does. Cancelling the subscription cancels the generation.
 */
final class TextSubscription implements Flow.Subscription {
  private final Flow.Subscriber<? super String> subscriber;
  private final CallerThreads.Repeated signals = new CallerThreads.Repeated(this::signal);
  private @Nullable Generation generation; // guarded by this; null until it is attached
  private long demand; // guarded by this
  private boolean ended; // guarded by this: cancelled, or its last signal is given
  private @Nullable Throwable misuse; // guarded by this: why no more pieces are given

  TextSubscription(Flow.Subscriber<? super String> subscriber) {
    this.subscriber = subscriber;
  }

  /** Begins with the signals; the subscriber has the subscription. */
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
        misuse = new IllegalArgumentException("requested %d pieces, must be above 0".formatted(n));
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

  /** What the subscriber asks of the model belongs to the call that it hears of. */
  private void signal() {
    Generation running;
    synchronized (this) {
      running = generation;
    }
    if (running != null) {
      running.run(() -> signal(running));
    }
  }

  /** Gives what can be given; called by one thread at a time. */
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

  /** Returns a piece that is asked for, null if there is none. */
  private synchronized @Nullable String next(Generation running) {
    String piece = demand == 0 || ended || misuse != null ? null : running.pieces().poll();
    if (piece != null && demand != Long.MAX_VALUE) {
      demand--;
    }
    return piece;
  }

  /** True once, when the last signal is due. */
  private synchronized boolean over(Generation running) {
    boolean due = !ended && (misuse != null || running.pieces().atEnd());
    ended |= due;
    return due;
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
    if (error == null) {
      subscriber.onComplete();
    } else {
      subscriber.onError(error);
    }
  }
}

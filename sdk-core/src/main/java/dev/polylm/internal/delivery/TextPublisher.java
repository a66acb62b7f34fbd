package dev.polylm.internal.delivery;

import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the text of an answer while it is made; each subscriber has a generation of its own,
 * started with its subscription. A piece that is not asked for yet waits with those after it, which
 * are at most the answer's; the model does not wait. Cancelling the subscription cancels the
 * generation.
 */
final class TextPublisher implements Flow.Publisher<String> {
  private final GenerationRequest request;
  private final Function<GenerationRequest, GenerationHandle> starter;

  TextPublisher(GenerationRequest request, Function<GenerationRequest, GenerationHandle> starter) {
    this.request = request;
    this.starter = starter;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super String> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    TextSubscription subscription = new TextSubscription(subscriber);
    subscriber.onSubscribe(subscription);
    subscription.attach(starter.apply(request.withTextListener(subscription::give)));
  }

  /** The demand of a subscriber, and its signals, one at a time on the generation's thread. */
  private static final class TextSubscription implements Flow.Subscription {
    private final Flow.Subscriber<? super String> subscriber;
    private long demand; // guarded by this
    private boolean ended; // guarded by this: cancelled, or its last signal is given
    private @Nullable Throwable misuse; // guarded by this
    private @Nullable GenerationHandle handle; // guarded by this

    TextSubscription(Flow.Subscriber<? super String> subscriber) {
      this.subscriber = subscriber;
    }

    void attach(GenerationHandle started) {
      synchronized (this) {
        handle = started;
        if (ended || misuse != null) {
          started.cancel();
        }
      }
      started.completion().whenComplete((result, failure) -> end(failure));
    }

    /** Called by the generation: waits until the piece is asked for. */
    void give(String piece) {
      synchronized (this) {
        while (demand == 0 && !ended && misuse == null) {
          try {
            wait();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
          }
        }
        if (ended || misuse != null) {
          return;
        }
        if (demand != Long.MAX_VALUE) {
          demand--;
        }
      }
      subscriber.onNext(piece);
    }

    private void end(@Nullable Throwable failure) {
      Throwable error;
      synchronized (this) {
        if (ended) {
          return;
        }
        ended = true;
        error = misuse == null ? failure : misuse;
      }
      if (error == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(error);
      }
    }

    @Override
    public synchronized void request(long n) {
      if (ended) {
        return;
      }
      if (n <= 0) {
        misuse = new IllegalArgumentException("requested %d pieces, must be above 0".formatted(n));
        stop();
      } else {
        demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      }
      notifyAll();
    }

    @Override
    public synchronized void cancel() {
      ended = true;
      stop();
      notifyAll();
    }

    private synchronized void stop() {
      if (handle != null) {
        handle.cancel();
      }
    }
  }
}

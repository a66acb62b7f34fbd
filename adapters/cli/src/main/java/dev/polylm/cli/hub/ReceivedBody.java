package dev.polylm.cli.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A body as a stream for one reader. It gives all bytes that came before a connection broke off.
 * The JDK's own stream drops those that nobody has read by then.
 */
final class ReceivedBody extends InputStream implements HttpResponse.BodySubscriber<InputStream> {
  /** What came; an empty element is the end. */
  private final BlockingQueue<Optional<List<ByteBuffer>>> received = new LinkedBlockingQueue<>();

  // What the reader has taken.
  private Iterator<ByteBuffer> taken = Collections.emptyIterator();
  private ByteBuffer current = ByteBuffer.allocate(0);
  private boolean ended;

  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    if (closed) {
      newSubscription.cancel();
    } else {
      newSubscription.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    received.add(Optional.of(buffers));
  }

  @Override
  public void onError(Throwable newFailure) {
    failure = newFailure;
    received.add(Optional.empty());
  }

  @Override
  public void onComplete() {
    received.add(Optional.empty());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (!current.hasRemaining() && !ended) {
      advance();
    }
    Throwable reason = failure;
    if (closed) {
      throw new IOException("the stream is closed");
    }
    if (current.hasRemaining()) {
      int n = Math.min(length, current.remaining());
      current.get(bytes, offset, n);
      return n;
    }
    if (reason != null) {
      throw new IOException(reason.getMessage(), reason);
    }
    return -1;
  }

  private void advance() throws IOException {
    if (taken.hasNext()) {
      current = taken.next();
      return;
    }
    Optional<List<ByteBuffer>> next = take();
    ended = next.isEmpty();
    taken = next.orElse(List.of()).iterator();
    Flow.Subscription more = subscription;
    if (more != null) {
      more.request(1);
    }
  }

  private Optional<List<ByteBuffer>> take() throws IOException {
    try {
      return received.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the thread was interrupted");
    }
  }

  /** Ends the answer. A read that waits fails. */
  @Override
  public void close() {
    closed = true;
    Flow.Subscription ended = subscription;
    if (ended != null) {
      ended.cancel();
    }
    received.add(Optional.empty());
  }
}

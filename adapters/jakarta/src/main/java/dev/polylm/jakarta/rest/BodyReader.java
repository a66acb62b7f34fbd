package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.config.ServerSettings;
import dev.polylm.jakarta.openai.ApiException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies within a time limit and a limit of bytes, which also holds for decompressed bytes.
 */
@ApplicationScoped
class BodyReader {
  private static final int BUFFER_BYTES = 8192;

  @Inject private PolyLmSettings settings;

  private final ScheduledThreadPoolExecutor alarms =
      new ScheduledThreadPoolExecutor(
          1,
          action -> {
            Thread thread = new Thread(action, "polylm-body-alarm");
            thread.setDaemon(true);
            return thread;
          });

  BodyReader() {
    alarms.setRemoveOnCancelPolicy(true);
  }

  @PreDestroy
  void close() {
    alarms.shutdownNow();
  }

  /**
   * Reads a body.
   *
   * @param encoding the value of the header Content-Encoding
   * @param memory the body's share, which counts its bytes
   * @throws ApiException if the body is too long, too slow, or compressed in another way than by
   *     gzip, or there is no memory for it
   */
  byte[] read(InputStream stream, @Nullable String encoding, BodyMemory.Share memory) {
    ServerSettings server = settings.server();
    try (TimedStream timed = new TimedStream(stream)) {
      Future<?> alarm =
          alarms.schedule(timed::expire, server.bodyTime().toMillis(), TimeUnit.MILLISECONDS);
      try {
        byte[] body = limited(decoded(timed, encoding), server.maxBodyBytes(), memory);
        readToEnd(timed, server.maxBodyBytes());
        return body;
      } catch (ZipException | EOFException e) {
        throw ApiException.badRequest(
            null, "The body is not gzip, although Content-Encoding says so.");
      } catch (IOException e) {
        if (timed.expired()) {
          throw ApiException.refused(
              408,
              "The body did not arrive within %s seconds, which is the limit."
                  .formatted(server.bodyTime().toSeconds()));
        }
        throw ApiException.badRequest(null, "The body ended too early.");
      } finally {
        alarm.cancel(false);
      }
    }
  }

  private static InputStream decoded(InputStream stream, @Nullable String encoding)
      throws IOException {
    String name = encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "", "identity" -> stream;
      case "gzip", "x-gzip" -> new GZIPInputStream(stream);
      default ->
          throw ApiException.refused(415, "The header Content-Encoding must be gzip or missing.");
    };
  }

  private static byte[] limited(InputStream stream, int limit, BodyMemory.Share memory)
      throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
      if (n > limit - body.size()) {
        throw tooLong(limit);
      }
      memory.arrived(n);
      body.write(buffer, 0, n);
    }
    return body.toByteArray();
  }

  /**
   * Reads what follows the end of a compressed body, such as the last chunk. The server would wait
   * for it without a limit of time, after the answer.
   */
  private static void readToEnd(InputStream stream, int limit) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    int rest = 0;
    for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
      rest += n;
      if (rest > limit) {
        throw tooLong(limit);
      }
    }
  }

  private static ApiException tooLong(int limit) {
    return ApiException.refused(
        413, "The body has more than %s bytes, which is the limit.".formatted(limit));
  }

  /** A stream that fails once its time is over, even during a read. */
  private static final class TimedStream extends FilterInputStream {
    private @Nullable Thread reader = Thread.currentThread(); // guarded by this; null at the end
    private boolean expired; // guarded by this

    TimedStream(InputStream stream) {
      super(stream);
    }

    synchronized void expire() {
      if (reader != null) {
        expired = true;
        reader.interrupt();
      }
    }

    synchronized boolean expired() {
      return expired;
    }

    private void check() throws IOException {
      if (expired()) {
        throw new IOException("the time is over");
      }
    }

    @Override
    public int read() throws IOException {
      check();
      return super.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      check();
      return super.read(target, offset, length);
    }

    /** Returns 1, so that {@link GZIPInputStream} waits for a further part of the body. */
    @Override
    public int available() {
      return 1;
    }

    /** Restores the thread's state. The server owns the stream itself. */
    @Override
    public synchronized void close() {
      reader = null;
      if (expired) {
        Thread.interrupted();
      }
    }
  }
}

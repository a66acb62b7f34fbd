package dev.polylm.cli.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Breaks connections off that give no byte for some time, since a read could wait forever. */
final class StallGuard implements AutoCloseable {
  private final Duration longest;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "polylm-stall-guard");
            thread.setDaemon(true);
            return thread;
          });

  StallGuard(Duration longest) {
    this.longest = longest;
  }

  /** Returns a stream that ends with an exception when it stalls. */
  InputStream watched(InputStream in) {
    return new Watched(in);
  }

  private final class Watched extends FilterInputStream {
    private final Future<?> watch;
    private volatile long lastRead = System.nanoTime();
    private volatile boolean stalled;

    Watched(InputStream in) {
      super(in);
      long period = Math.max(1, longest.toMillis() / 4);
      watch = timer.scheduleAtFixedRate(this::look, period, period, TimeUnit.MILLISECONDS);
    }

    private void look() {
      if (System.nanoTime() - lastRead > longest.toNanos()) {
        stalled = true;
        try {
          in.close();
        } catch (IOException e) {
          // The reader gets its own exception.
        }
      }
    }

    @Override
    public int read() throws IOException {
      throw new UnsupportedOperationException("read whole buffers");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n;
      try {
        n = super.read(bytes, offset, length);
      } catch (IOException e) {
        throw stalled ? new IOException("no byte came for %s".formatted(longest), e) : e;
      }
      if (stalled) {
        throw new IOException("no byte came for %s".formatted(longest));
      }
      lastRead = System.nanoTime();
      return n;
    }

    @Override
    public void close() throws IOException {
      watch.cancel(false);
      super.close();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

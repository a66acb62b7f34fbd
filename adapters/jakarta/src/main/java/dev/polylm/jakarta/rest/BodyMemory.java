package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.openai.ApiException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps the memory for bodies and their answers within a part of the heap, so that many long bodies
 * at once can't use it up. A body that finds no room is refused while it arrives. Once it has
 * arrived, it waits for the room that its content and its answer need. Thread-safe.
 */
@ApplicationScoped
class BodyMemory {
  /** Bodies up to this length don't wait: even hundreds of them need little. */
  private static final int SMALL = 4096;

  /**
   * The heap that a byte of a body needs at most. The ids and pieces of a text need the most, and
   * then small objects in JSON.
   */
  private static final int HEAP_OF_A_BYTE = 64;

  private static final int BYTES_OF_A_UNIT = 1024;

  private final long most;
  private final int units;
  private final Semaphore free;
  private final AtomicLong arrived = new AtomicLong();

  BodyMemory() {
    this(Runtime.getRuntime().maxMemory());
  }

  /**
   * @param heap the bytes of the process's heap
   */
  BodyMemory(long heap) {
    most = heap / 8;
    units = (int) Math.min(Integer.MAX_VALUE, heap / 4 / BYTES_OF_A_UNIT);
    free = new Semaphore(units, true);
  }

  /** Begins the share of one body. */
  Share share() {
    return new Share();
  }

  private static ApiException tooMuch() {
    return ApiException.unavailable(
        "Too many long requests are in progress for the server's memory: try again later.");
  }

  /** What one body takes. Close it when the answer is sent. */
  final class Share implements AutoCloseable {
    private int bytes; // guarded by this
    private int held; // guarded by this

    /**
     * Counts bytes that arrived.
     *
     * @throws ApiException if bodies take too much memory already
     */
    synchronized void arrived(int count) {
      bytes += count;
      if (arrived.addAndGet(count) > most) {
        throw tooMuch();
      }
    }

    /**
     * Waits for the room that the content and its answer need.
     *
     * @param patience how long to wait at most
     * @throws ApiException if there is no room until then
     */
    synchronized void awaitRoom(Duration patience) throws InterruptedException {
      int needed =
          bytes <= SMALL
              ? 0
              : (int) Math.min(units, (long) bytes * HEAP_OF_A_BYTE / BYTES_OF_A_UNIT);
      if (!free.tryAcquire(needed, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw tooMuch();
      }
      held = needed;
    }

    /** Gives up what exceeds the bytes of a finished answer. */
    synchronized void shrinkTo(int answerBytes) {
      int needed = Math.min(held, answerBytes / BYTES_OF_A_UNIT);
      free.release(held - needed);
      held = needed;
    }

    /** Gives up everything. Closing it again has no effect. */
    @Override
    public synchronized void close() {
      shrinkTo(0);
      arrived.addAndGet(-bytes);
      bytes = 0;
    }
  }
}

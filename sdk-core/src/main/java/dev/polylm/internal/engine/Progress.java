package dev.polylm.internal.engine;

import dev.polylm.internal.decoding.DecodingTimes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How far a job is, and how long that took. Not thread-safe: its {@link Ticket} guards it. */
final class Progress {
  private final long submitted = System.nanoTime();
  private @Nullable Duration queued; // null while it waits
  private @Nullable Duration prompt; // null until its prompts have been read
  private int reusedIds;
  private int steps;

  /** The time since the submission. */
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - submitted);
  }

  void admitted() {
    queued = elapsed();
  }

  void reused(int ids) {
    reusedIds += ids;
  }

  void promptsRead() {
    prompt = elapsed().minus(queued());
  }

  void stepped() {
    steps++;
  }

  private Duration queued() {
    return queued == null ? elapsed() : queued;
  }

  DecodingTimes times() {
    Duration waited = queued();
    Duration begun = elapsed().minus(waited);
    Duration read = prompt == null ? begun : prompt;
    return new DecodingTimes(waited, read, begun.minus(read), reusedIds, steps);
  }
}

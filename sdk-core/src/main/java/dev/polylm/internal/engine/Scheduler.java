package dev.polylm.internal.engine;

import dev.polylm.EngineState;
import dev.polylm.PolyLmException;
import dev.polylm.internal.decoding.DecodingTicket.Outcome;
import dev.polylm.internal.runtime.CachedPrefix;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is run next. Each {@link #step} lets in the waiting jobs that fit, reads a chunk of
 * prompts, and makes a decoding step for all rows of each lane.
 *
 * <p>It has no thread of its own: one thread at a time calls it.
 */
final class Scheduler {
  private final JobQueue queue;
  private final LanePool pool;
  private final int promptChunk;
  private final int vocabSize;
  private final EngineObserver observer;
  private final Deque<Job> newPrompts = new ArrayDeque<>(); // of which nothing was read yet
  private final Deque<Job> begunPrompts = new ArrayDeque<>();
  private boolean lastWasNew;

  Scheduler(
      JobQueue queue, LanePool pool, int promptChunk, int vocabSize, EngineObserver observer) {
    this.queue = queue;
    this.pool = pool;
    this.promptChunk = promptChunk;
    this.vocabSize = vocabSize;
    this.observer = observer;
  }

  /** Does the next piece of work; false where there was nothing to do. */
  boolean step() {
    endLate();
    dropEnded();
    admit();
    endWaiting();
    if (pool.isEmpty()) {
      return false;
    }
    readPrompts();
    endLate();
    for (Lane lane : pool.lanes()) {
      decode(lane);
    }
    dropEnded();
    joinLanes();
    return true;
  }

  /** What is held after the last step. */
  EngineState state() {
    return pool.state(queue.size());
  }

  /** A copy of what is kept of the beginning of ids; null where that is nothing. */
  @Nullable CachedPrefix copyOfPrefix(int[] ids) {
    return pool.copyOfPrefix(ids);
  }

  /** Takes over keys and values for later jobs. */
  void keep(CachedPrefix prefix) {
    pool.keep(prefix);
  }

  /** Drops what is kept for later jobs. */
  void forget() {
    pool.forget();
  }

  /** The time of what runs ends it only when it has read its prompts, with one id at least. */
  private void endLate() {
    for (Job job : running()) {
      if (job.decoding() && job.ticket().late()) {
        job.ticket().end(Outcome.TIMED_OUT);
      }
    }
  }

  private void endWaiting() {
    queue.removeIf(job -> job.ticket().ended());
    queue.removeIf(job -> job.ticket().late()).forEach(job -> job.ticket().end(Outcome.TIMED_OUT));
  }

  private List<Job> running() {
    return pool.lanes().stream().flatMap(lane -> lane.jobs().stream()).toList();
  }

  private void admit() {
    for (Job job = queue.peek(); job != null; job = queue.peek()) {
      try {
        if (!job.ticket().ended()) {
          if (!pool.admit(job)) {
            return;
          }
          newPrompts.add(job);
        }
      } catch (PolyLmException e) {
        job.ticket().fail(e);
        dropBroken(e);
      }
      queue.remove(job);
    }
  }

  /**
   * Reads prompts, as many ids as a chunk has: one chunk of a long prompt, or several short ones.
   * New ones go first, so that a short one need not wait for the long ones before it; but not
   * always, so that those are read in the end.
   */
  private void readPrompts() {
    newPrompts.removeIf(job -> job.ticket().ended());
    begunPrompts.removeIf(job -> job.ticket().ended());
    int left = promptChunk;
    boolean newFirst = begunPrompts.isEmpty() || (!newPrompts.isEmpty() && !lastWasNew);
    lastWasNew = newFirst;
    for (Job job = nextPrompt(newFirst); job != null; job = nextPrompt(newFirst)) {
      int ids = idsOfNextChunk(job);
      if (ids > left && left < promptChunk) {
        return;
      }
      left -= ids;
      newPrompts.remove(job);
      begunPrompts.remove(job);
      readChunk(job);
      if (left <= 0) {
        return;
      }
    }
  }

  private @Nullable Job nextPrompt(boolean newFirst) {
    Deque<Job> first = newFirst ? newPrompts : begunPrompts;
    Deque<Job> second = newFirst ? begunPrompts : newPrompts;
    return first.isEmpty() ? second.peek() : first.peek();
  }

  private int idsOfNextChunk(Job job) {
    Lane lane = pool.lane(job);
    lane.beginPrompt(job);
    pool.reuse(job);
    return lane.chunkEnd(job, promptChunk) - lane.rows().length(job.promptPlace());
  }

  private void readChunk(Job job) {
    Lane lane = pool.lane(job);
    try {
      lane.read(job, lane.chunkEnd(job, promptChunk), vocabSize, observer);
    } catch (RuntimeException e) {
      fail(lane, List.of(job), e);
      return;
    }
    if (!job.decoding()) {
      begunPrompts.add(job);
    }
  }

  private void decode(Lane lane) {
    List<Job> decoding = lane.decoding();
    if (decoding.isEmpty()) {
      return;
    }
    try {
      lane.decode(decoding, observer);
    } catch (RuntimeException e) {
      fail(lane, decoding, e);
    }
  }

  /** Ends the jobs of a run that failed; whether their rows hold what they should is not known. */
  private static void fail(Lane lane, List<Job> jobs, RuntimeException cause) {
    jobs.forEach(lane::forget);
    end(jobs, cause);
  }

  /** Ends jobs, each with an exception of its own, as they are thrown in several threads. */
  private static void end(List<Job> jobs, RuntimeException cause) {
    for (Job job : jobs) {
      job.ticket().fail(new PolyLmException(String.valueOf(cause.getMessage()), cause));
    }
  }

  private void dropEnded() {
    for (Job job : running()) {
      if (job.ticket().ended() && pool.holds(job)) {
        drop(job);
      }
    }
  }

  private void drop(Job job) {
    forgetPrompt(job);
    try {
      pool.keep(job);
    } catch (PolyLmException e) {
      pool.forget(); // memory is wanting: what was kept is the first to go
    }
    try {
      pool.release(job);
    } catch (PolyLmException e) {
      dropBroken(e);
    }
  }

  private void forgetPrompt(Job job) {
    newPrompts.remove(job);
    begunPrompts.remove(job);
  }

  private void joinLanes() {
    try {
      pool.join();
    } catch (PolyLmException e) {
      dropBroken(e);
    }
  }

  /** Ends and drops the jobs of lanes that were lost. */
  private void dropBroken(PolyLmException cause) {
    List<Job> lost = pool.removeBroken();
    lost.forEach(this::forgetPrompt);
    end(lost, cause);
  }

  /** Ends all jobs with a failure that is none of theirs, and frees all memory. */
  void failAll(Throwable cause) {
    PolyLmException failure = new PolyLmException("the engine failed: " + cause, cause);
    end(queue.removeIf(job -> true), failure);
    end(running(), failure);
    newPrompts.clear();
    begunPrompts.clear();
    pool.clear();
  }
}

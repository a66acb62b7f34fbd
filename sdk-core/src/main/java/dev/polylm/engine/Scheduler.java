package dev.polylm.engine;

import dev.polylm.PolyLmException;
import dev.polylm.runtime.DecodingTicket.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
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
  private final Deque<Job> newPrompts = new ArrayDeque<>(); // of which nothing was read yet
  private final Deque<Job> begunPrompts = new ArrayDeque<>();
  private boolean lastWasNew;
  private volatile boolean cancelling;

  Scheduler(JobQueue queue, LanePool pool, int promptChunk, int vocabSize) {
    this.queue = queue;
    this.pool = pool;
    this.promptChunk = promptChunk;
    this.vocabSize = vocabSize;
  }

  /** Does the next piece of work; false where there was nothing to do. */
  boolean step() {
    endRunning();
    endWaiting(Outcome.CANCELLED::equals);
    admit();
    endWaiting(outcome -> true);
    if (pool.isEmpty()) {
      return false;
    }
    readPrompts();
    for (Lane lane : List.copyOf(pool.lanes())) {
      decode(lane);
    }
    joinLanes();
    return true;
  }

  /** Makes every job that is there or comes end as cancelled at the next step; from any thread. */
  void cancelAll() {
    cancelling = true;
  }

  /** Drops what is kept for later jobs. */
  void forget() {
    pool.forget();
  }

  private @Nullable Outcome due(Job job, long now) {
    return cancelling ? Outcome.CANCELLED : job.ticket().due(now);
  }

  /** What runs is cancelled at once; its time ends it only when it has read its prompts. */
  private void endRunning() {
    long now = System.nanoTime();
    for (Job job : running()) {
      Outcome outcome = due(job, now);
      if (outcome == Outcome.CANCELLED || (outcome != null && job.decoding())) {
        job.end(outcome);
        leave(job, true);
      }
    }
  }

  private void endWaiting(Predicate<Outcome> ends) {
    long now = System.nanoTime();
    Predicate<Job> condition =
        job -> {
          Outcome outcome = due(job, now);
          return outcome != null && ends.test(outcome);
        };
    for (Job job : queue.removeIf(condition)) {
      Outcome outcome = due(job, now);
      job.end(outcome == null ? Outcome.CANCELLED : outcome);
    }
  }

  private List<Job> running() {
    List<Job> jobs = new ArrayList<>();
    pool.lanes().forEach(lane -> jobs.addAll(lane.jobs()));
    return jobs;
  }

  private void admit() {
    for (Job job = queue.peek(); job != null; job = queue.peek()) {
      try {
        if (!pool.admit(job)) {
          return;
        }
        if (queue.remove(job)) {
          newPrompts.add(job);
        } else {
          leave(job, false); // cancelled just now
        }
      } catch (PolyLmException e) {
        if (queue.remove(job)) {
          job.fail(e);
        }
        failBrokenLanes(e);
      }
    }
  }

  /**
   * Reads prompts, as many ids as a chunk has: one chunk of a long prompt, or several short ones.
   * New ones go first, so that a short one need not wait for the long ones before it; but not
   * always, so that those are read in the end.
   */
  private void readPrompts() {
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
      lane.read(job, lane.chunkEnd(job, promptChunk), vocabSize);
    } catch (RuntimeException | Error e) {
      fail(job, e);
      return;
    }
    if (!job.decoding()) {
      begunPrompts.add(job);
    } else {
      endIfFinished(job);
    }
  }

  private void decode(Lane lane) {
    List<Job> decoding = lane.decoding();
    if (decoding.isEmpty()) {
      return;
    }
    if (decoding.size() == 1 && decoding.get(0).task().draftIds().length > 0) {
      decodeDraft(lane, decoding.get(0));
      return;
    }
    decoding.forEach(job -> job.task().dropDraft());
    try {
      lane.decode(decoding);
    } catch (RuntimeException e) {
      // An exception of its own for each: they are thrown in several threads.
      decoding.forEach(job -> fail(job, new PolyLmException(String.valueOf(e.getMessage()), e)));
      return;
    }
    for (Job job : decoding) {
      advance(job, () -> job.stepped(lane.rows()::copyLogits));
    }
  }

  /** Alone in its lane, a job may read what it guesses; beside others that would cost them a run. */
  private void decodeDraft(Lane lane, Job job) {
    advance(job, () -> lane.decodeDraft(job));
  }

  private void advance(Job job, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      fail(job, e);
      return;
    }
    endIfFinished(job);
  }

  private void endIfFinished(Job job) {
    if (job.task().finished()) {
      job.end(Outcome.FINISHED);
      leave(job, true);
    }
  }

  private void fail(Job job, Throwable cause) {
    job.fail(cause);
    leave(job, false);
  }

  private void leave(Job job, boolean keep) {
    newPrompts.remove(job);
    begunPrompts.remove(job);
    try {
      if (keep) {
        pool.keep(job);
      }
    } catch (PolyLmException e) {
      pool.forget(); // memory is wanting: what was kept is the first to go
    }
    try {
      pool.release(job);
    } catch (PolyLmException e) {
      failBrokenLanes(e);
    }
  }

  private void joinLanes() {
    try {
      pool.join();
    } catch (PolyLmException e) {
      failBrokenLanes(e);
    }
  }

  private void failBrokenLanes(PolyLmException cause) {
    for (Lane lane : List.copyOf(pool.lanes())) {
      if (lane.broken()) {
        for (Job job : List.copyOf(lane.jobs())) {
          fail(job, new PolyLmException(String.valueOf(cause.getMessage()), cause));
        }
      }
    }
  }

  /** Ends all jobs with a failure that is none of theirs. */
  void failAll(Throwable cause) {
    PolyLmException failure = new PolyLmException("the engine failed: " + cause, cause);
    queue.removeIf(job -> true).forEach(job -> job.fail(failure));
    running().forEach(job -> fail(job, failure));
  }
}

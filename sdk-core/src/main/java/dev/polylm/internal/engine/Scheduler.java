package dev.polylm.internal.engine;

import dev.polylm.PolyLmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the model runs next. Each {@link #step} has three parts. It schedules: it admits the
 * waiting requests that fit. It runs the model: a chunk of prompts, then a decoding step for all
 * rows of each lane. It postprocesses: it removes ended requests.
 *
 * <p>It has no thread. Only one thread at a time may call it.
 */
final class Scheduler {
  private final RequestQueue queue;
  private final LanePool pool;
  private final int promptChunk;
  private final int vocabSize;
  private final @Nullable Drafter drafter; // null without a draft model
  private final EngineObserver observer;
  private final Deque<EngineRequest> newPrompts = new ArrayDeque<>(); // not read yet
  private final Deque<EngineRequest> begunPrompts = new ArrayDeque<>();
  private boolean lastWasNew;

  /**
   * @param observer hears of each run; it is the drafter if there is one
   */
  Scheduler(
      RequestQueue queue,
      LanePool pool,
      int promptChunk,
      int vocabSize,
      @Nullable Drafter drafter,
      EngineObserver observer) {
    this.queue = queue;
    this.pool = pool;
    this.promptChunk = promptChunk;
    this.vocabSize = vocabSize;
    this.drafter = drafter;
    this.observer = observer;
  }

  /** Makes one step. Returns false if there was nothing to do. */
  boolean step() {
    schedule();
    if (pool.isEmpty()) {
      return false;
    }
    run();
    postprocess();
    return true;
  }

  private void schedule() {
    endLate();
    dropEnded();
    admit();
    endWaiting();
  }

  /** Reads a chunk of prompts, then makes a decoding step for all rows of each lane. */
  private void run() {
    readPrompts();
    endLate();
    for (Lane lane : pool.lanes()) {
      decode(lane);
    }
  }

  private void postprocess() {
    dropEnded();
    joinLanes();
  }

  /**
   * Ends the requests whose time is over. A running request first reads its prompts and gets at
   * least one id.
   */
  private void endLate() {
    for (EngineRequest request : running()) {
      if (request.decoding() && request.late()) {
        request.timeOut();
      }
    }
  }

  private void endWaiting() {
    queue.removeIf(EngineRequest::ended);
    queue.removeIf(EngineRequest::late).forEach(EngineRequest::timeOut);
  }

  private List<EngineRequest> running() {
    return pool.lanes().stream().flatMap(lane -> lane.requests().stream()).toList();
  }

  private void admit() {
    for (EngineRequest request = nextWaiting(); request != null; request = nextWaiting()) {
      if (!request.ended()) {
        int missing = pool.missingRows(request);
        List<EngineRequest> victims = missing == 0 ? List.of() : victims(request, missing);
        if (missing > 0 && victims.isEmpty()) {
          return;
        }
        if (!begin(request)) {
          resumeOthers();
          return;
        }
        victims.forEach(this::preempt);
      }
      queue.take(request);
    }
  }

  private @Nullable EngineRequest nextWaiting() {
    return queue.next(pool.rowsByCaller());
  }

  private List<EngineRequest> victims(EngineRequest request, int missing) {
    return new Preemption(request, pool.running(), queue.waiting(), pool.maxRows())
        .victims(missing);
  }

  /** Admits or resumes a request. Returns false if there is not enough memory yet. */
  private boolean begin(EngineRequest request) {
    if (pool.holds(request)) {
      resume(request);
      return true;
    }
    try {
      if (!pool.admit(request)) {
        return false;
      }
      newPrompts.add(request);
    } catch (PolyLmException e) {
      request.fail(e);
      dropBroken(e);
    }
    return true;
  }

  private void preempt(EngineRequest request) {
    forgetPrompt(request);
    request.preempt();
    queue.putBack(request);
  }

  private void resume(EngineRequest request) {
    request.resume();
    if (!request.decoding()) {
      begunPrompts.add(request);
    }
  }

  /** Lets preempted requests go on while the next request lacks the memory that they hold. */
  private void resumeOthers() {
    for (EngineRequest request : pool.preempted()) {
      if (pool.missingRows(request) == 0) {
        resume(request);
        queue.take(request);
      }
    }
  }

  /**
   * Reads as many prompt ids as a chunk has: a part of a long prompt, or several short prompts. New
   * prompts usually go first, so that a short prompt need not wait for long ones. But not always,
   * so that long prompts make progress too.
   */
  private void readPrompts() {
    newPrompts.removeIf(EngineRequest::ended);
    begunPrompts.removeIf(EngineRequest::ended);
    int left = promptChunk;
    boolean newFirst = begunPrompts.isEmpty() || (!newPrompts.isEmpty() && !lastWasNew);
    lastWasNew = newFirst;
    for (EngineRequest request = nextPrompt(newFirst);
        request != null;
        request = nextPrompt(newFirst)) {
      int ids = idsOfNextChunk(request);
      if (ids > left && left < promptChunk) {
        return;
      }
      left -= ids;
      newPrompts.remove(request);
      begunPrompts.remove(request);
      readChunk(request);
      if (left <= 0) {
        return;
      }
    }
  }

  private @Nullable EngineRequest nextPrompt(boolean newFirst) {
    Deque<EngineRequest> first = newFirst ? newPrompts : begunPrompts;
    Deque<EngineRequest> second = newFirst ? begunPrompts : newPrompts;
    return first.isEmpty() ? second.peek() : first.peek();
  }

  private int idsOfNextChunk(EngineRequest request) {
    Lane lane = pool.lane(request);
    lane.beginPrompt(request);
    pool.reuse(request);
    return lane.chunkEnd(request, promptChunk) - lane.rows().length(request.promptPlace());
  }

  private void readChunk(EngineRequest request) {
    Lane lane = pool.lane(request);
    try {
      lane.read(request, lane.chunkEnd(request, promptChunk), vocabSize, observer);
    } catch (RuntimeException e) {
      fail(lane, List.of(request), e);
      return;
    }
    if (!request.decoding()) {
      begunPrompts.add(request);
    }
  }

  private void decode(Lane lane) {
    List<EngineRequest> decoding = lane.decoding();
    if (decoding.isEmpty()) {
      return;
    }
    try {
      if (drafter == null) {
        lane.decode(decoding, decoding.size() == 1, observer);
      } else {
        boolean apart = drafter.draft(decoding, pool::freeBytes);
        lane.decode(decoding, apart, observer);
        drafter.settle();
      }
    } catch (RuntimeException e) {
      fail(lane, decoding, e);
    }
  }

  /** Ends the requests of a run that failed, because the contents of their rows are unknown. */
  private static void fail(Lane lane, List<EngineRequest> requests, RuntimeException cause) {
    requests.forEach(lane::forget);
    end(requests, cause);
  }

  /** Ends requests. Each gets its own exception, because several threads throw them. */
  private static void end(List<EngineRequest> requests, RuntimeException cause) {
    for (EngineRequest request : requests) {
      request.fail(new PolyLmException(String.valueOf(cause.getMessage()), cause));
    }
  }

  private void dropEnded() {
    for (EngineRequest request : running()) {
      if (request.ended() && pool.holds(request)) {
        drop(request);
      }
    }
  }

  private void drop(EngineRequest request) {
    forgetPrompt(request);
    try {
      pool.keep(request);
    } catch (PolyLmException e) {
      pool.forget(); // not enough memory: drop the kept prefixes first
    }
    try {
      pool.release(request);
    } catch (PolyLmException e) {
      dropBroken(e);
    }
  }

  private void forgetPrompt(EngineRequest request) {
    newPrompts.remove(request);
    begunPrompts.remove(request);
  }

  private void joinLanes() {
    try {
      pool.join();
    } catch (PolyLmException e) {
      dropBroken(e);
    }
  }

  /** Ends and drops the requests of lanes that were lost. */
  private void dropBroken(PolyLmException cause) {
    List<EngineRequest> lost = pool.removeBroken();
    lost.forEach(this::forgetPrompt);
    end(lost, cause);
  }

  /** Ends all requests with a failure that they did not cause, and frees all memory. */
  void failAll(Throwable cause) {
    PolyLmException failure = new PolyLmException("the engine failed: " + cause, cause);
    end(queue.removeIf(request -> true), failure);
    end(running(), failure);
    newPrompts.clear();
    begunPrompts.clear();
    pool.clear();
  }
}

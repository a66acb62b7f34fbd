package dev.polylm.internal.engine;

import dev.polylm.PolyLmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is run next. Each {@link #step} schedules (it lets in the waiting requests that
 * fit), runs the model (a chunk of prompts, then a decoding step for all rows of each lane), and
 * postprocesses (it lets go what has ended).
 *
 * <p>It has no thread of its own: one thread at a time calls it.
 */
final class Scheduler {
  private final RequestQueue queue;
  private final LanePool pool;
  private final int promptChunk;
  private final int vocabSize;
  private final EngineObserver observer;
  private final Deque<EngineRequest> newPrompts =
      new ArrayDeque<>(); // of which nothing was read yet
  private final Deque<EngineRequest> begunPrompts = new ArrayDeque<>();
  private boolean lastWasNew;

  Scheduler(
      RequestQueue queue, LanePool pool, int promptChunk, int vocabSize, EngineObserver observer) {
    this.queue = queue;
    this.pool = pool;
    this.promptChunk = promptChunk;
    this.vocabSize = vocabSize;
    this.observer = observer;
  }

  /** Chooses what is due, runs the model, takes what came of it; false if nothing was due. */
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

  /** The time of what runs ends it only when it has read its prompts, with one id at least. */
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
      try {
        if (!request.ended()) {
          if (!pool.admit(request)) {
            return;
          }
          newPrompts.add(request);
        }
      } catch (PolyLmException e) {
        request.fail(e);
        dropBroken(e);
      }
      queue.remove(request);
    }
  }

  private @Nullable EngineRequest nextWaiting() {
    return queue.next(pool.rowsByCaller(), pool.maxRows());
  }

  /**
   * Reads prompts, as many ids as a chunk has: one chunk of a long prompt, or several short ones.
   * New ones go first, so that a short one need not wait for the long ones before it; but not
   * always, so that those are read in the end.
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
      lane.decode(decoding, observer);
    } catch (RuntimeException e) {
      fail(lane, decoding, e);
    }
  }

  /**
   * Ends the requests of a run that failed; whether their rows hold what they should is not known.
   */
  private static void fail(Lane lane, List<EngineRequest> requests, RuntimeException cause) {
    requests.forEach(lane::forget);
    end(requests, cause);
  }

  /** Ends requests, each with an exception of its own, as they are thrown in several threads. */
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
      pool.forget(); // memory is wanting: what was kept is the first to go
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

  /** Ends all requests with a failure that is none of theirs, and frees all memory. */
  void failAll(Throwable cause) {
    PolyLmException failure = new PolyLmException("the engine failed: " + cause, cause);
    end(queue.removeIf(request -> true), failure);
    end(running(), failure);
    newPrompts.clear();
    begunPrompts.clear();
    pool.clear();
  }
}

package dev.polylm.internal.engine;

import dev.polylm.internal.runtime.DecoderRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Requests that share runs, and their rows of the cache. */
final class Lane {
  private final DecoderRows rows;
  private final List<EngineRequest> requests = new ArrayList<>();
  private LaneSize size;
  private boolean broken;

  /**
   * @param rows rows of that size, which the lane now owns
   */
  Lane(DecoderRows rows, LaneSize size) {
    this.rows = rows;
    this.size = size;
  }

  DecoderRows rows() {
    return rows;
  }

  LaneSize size() {
    return size;
  }

  List<EngineRequest> requests() {
    return requests;
  }

  /** Returns whether its request is reproducible and shares no runs with others. */
  boolean isPrivate() {
    return requests.stream().anyMatch(EngineRequest::reproducible);
  }

  /** Returns the largest size that its requests may need. */
  LaneSize demand() {
    return LaneSize.of(requests);
  }

  /** Returns true if a change of size failed, so that the contents are lost. */
  boolean broken() {
    return broken;
  }

  /** Adds a request, with a row for each prompt. There must be room. */
  void add(EngineRequest request) {
    request.admit(freePlaces(request.rowsOfPrompts()));
    for (int place : request.places()) {
      rows.begin(place, request.adapter());
    }
    requests.add(request);
  }

  /** Returns free rows from the top, because decoding steps use the first rows. */
  private int[] freePlaces(int count) {
    boolean[] used = used();
    return IntStream.iterate(used.length - 1, place -> place >= 0, place -> place - 1)
        .filter(place -> !used[place])
        .limit(count)
        .toArray();
  }

  void remove(EngineRequest request) {
    requests.remove(request);
  }

  private boolean[] used() {
    boolean[] used = new boolean[size.rows()];
    for (EngineRequest request : requests) {
      for (int place : request.places()) {
        used[place] = true;
      }
    }
    return used;
  }

  /**
   * Changes the size to one that holds the demand.
   *
   * @throws dev.polylm.PolyLmException if there is not enough memory; the lane is broken then
   */
  void resize(LaneSize newSize) {
    moveBelow(newSize.rows());
    broken = true;
    rows.resize(newSize.rows(), newSize.capacity(), newSize.logitsRows());
    broken = false;
    size = newSize;
  }

  private void moveBelow(int limit) {
    boolean[] used = used();
    int free = 0;
    for (EngineRequest request : requests) {
      int[] places = request.places();
      for (int i = 0; i < places.length; i++) {
        if (places[i] >= limit) {
          while (used[free]) {
            free++;
          }
          copy(places[i], free);
          used[free] = true;
          places[i] = free;
        }
      }
    }
  }

  private void copy(int source, int target) {
    rows.copyPrefix(rows, source, target, rows.length(source));
  }

  /** Takes over the requests of another lane. There must be room. */
  void takeOver(Lane other) {
    for (EngineRequest request : other.requests) {
      int[] from = request.places();
      int[] to = freePlaces(from.length);
      for (int i = 0; i < from.length; i++) {
        rows.copyPrefix(other.rows, from[i], to[i], other.rows.length(from[i]));
      }
      request.moveTo(to);
      requests.add(request);
    }
    other.requests.clear();
  }

  /**
   * Truncates the row of a request's prompt to the ids that need not be read again. Several prompts
   * may use one row in turn.
   */
  void beginPrompt(EngineRequest request) {
    if (request.beginPrompt()) {
      int place = request.promptPlace();
      rows.truncate(place, rows.commonPrefix(place, request.prompt(), request.reusableIds()));
    }
  }

  /** Returns the end of the next chunk of a request's prompt. */
  int chunkEnd(EngineRequest request, int chunk) {
    int from = rows.length(request.promptPlace());
    int to = Math.min(from + chunk, request.prompt().length);
    int firstLogits = Math.max(from, request.promptLogitsFrom());
    return Math.min(to, firstLogits + size.logitsRows());
  }

  /** Reads the next chunk of a request's prompt. */
  void read(EngineRequest request, int to, int vocabSize, EngineObserver observer) {
    int from = rows.length(request.promptPlace());
    int logitsRows = Math.max(1, to - Math.max(from, request.promptLogitsFrom()));
    long begun = System.nanoTime();
    if (request.wantsHiddenStates()) {
      rows.readHiddenStates(request.promptPlace(), request.prompt(), from, to);
    } else {
      rows.read(request.promptPlace(), request.prompt(), from, to, logitsRows);
    }
    observer.promptRead(to - from, since(begun));
    request.hiddenStatesRead(to - from, rows::copyHiddenState);
    request.promptRead(from, to, logitsRows, vocabSize, rows::copyLogits);
  }

  /** Forgets the ids that a request has read, because its rows may be wrong. */
  void forget(EngineRequest request) {
    for (int place : request.places()) {
      rows.truncate(place, 0);
    }
  }

  /** Returns the requests whose rows take part in decoding steps. */
  List<EngineRequest> decoding() {
    return requests.stream().filter(Lane::isInSteps).filter(request -> !request.ended()).toList();
  }

  private static boolean isInSteps(EngineRequest request) {
    return request.decoding() && !request.preempted();
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /**
   * Makes a decoding step for all rows of requests.
   *
   * @param apart whether each request reads its guesses, in a run of its own. Otherwise all share
   *     one run, which reads no guesses.
   */
  void decode(List<EngineRequest> decoding, boolean apart, EngineObserver observer) {
    boolean guessed = decoding.stream().anyMatch(request -> request.next().draftIds().length > 0);
    if (apart && guessed) {
      decoding.forEach(request -> decodeDraft(request, observer));
    } else {
      decoding.forEach(EngineRequest::dropDraft);
      decodeTogether(decoding, observer);
    }
  }

  /**
   * Reads the next id of a request's only row together with the guessed ids, in a separate run.
   * Forgets the guesses that were wrong. The row is not moved.
   */
  private void decodeDraft(EngineRequest request, EngineObserver observer) {
    EngineRequest.NextStep step = request.next();
    int[] draft = step.draftIds();
    int place = request.places()[step.parents()[0]];
    int[] ids = new int[1 + draft.length];
    ids[0] = step.ids()[0];
    System.arraycopy(draft, 0, ids, 1, draft.length);
    int held = rows.length(place);
    long begun = System.nanoTime();
    rows.read(place, ids, 0, ids.length, ids.length);
    observer.stepped(1, draft.length, since(begun));
    request.moveTo(new int[] {place});
    request.stepped(rows::copyLogits);
    rows.truncate(place, held + request.next().heldIds());
  }

  private void decodeTogether(List<EngineRequest> decoding, EngineObserver observer) {
    int[] sources = decoding.stream().flatMapToInt(Lane::sources).toArray();
    int[] held = held();
    int[] places = RowPlacement.arrange(size.rows(), sources, held, new LaneMoves());
    giveHeld(held);
    int[] ids = new int[sources.length];
    int next = 0;
    for (EngineRequest request : decoding) {
      int[] nextIds = request.next().ids();
      for (int row = 0; row < nextIds.length; row++) {
        ids[places[next + row]] = nextIds[row];
      }
      request.moveTo(Arrays.copyOfRange(places, next, next + nextIds.length));
      next += nextIds.length;
    }
    long begun = System.nanoTime();
    rows.decode(ids);
    observer.stepped(ids.length, 0, since(begun));
    for (EngineRequest request : decoding) {
      int[] rowsOfRequest = request.places();
      request.stepped((row, target) -> rows.copyLogits(rowsOfRequest[row], target));
    }
  }

  /** Returns the rows that a request's next rows continue. */
  private static IntStream sources(EngineRequest request) {
    return Arrays.stream(request.next().parents()).map(parent -> request.places()[parent]);
  }

  private int[] held() {
    return requests.stream()
        .filter(request -> !isInSteps(request))
        .flatMapToInt(request -> Arrays.stream(request.places()))
        .toArray();
  }

  private void giveHeld(int[] held) {
    int next = 0;
    for (EngineRequest request : requests) {
      if (!isInSteps(request)) {
        request.moveTo(Arrays.copyOfRange(held, next, next + request.places().length));
        next += request.places().length;
      }
    }
  }

  private final class LaneMoves implements RowPlacement.Moves {
    @Override
    public void copy(int source, int target) {
      Lane.this.copy(source, target);
    }

    @Override
    public void swap(int a, int b) {
      rows.swap(a, b);
    }
  }
}

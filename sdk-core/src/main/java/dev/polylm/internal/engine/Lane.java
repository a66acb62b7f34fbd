package dev.polylm.internal.engine;

import dev.polylm.internal.runtime.DecoderRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Jobs that share runs, and the rows of the cache that they lie in. */
final class Lane {
  private final DecoderRows rows;
  private final List<Job> jobs = new ArrayList<>();
  private LaneSize size;
  private boolean broken;

  /**
   * @param rows of that size, its own from now on
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

  List<Job> jobs() {
    return jobs;
  }

  /** What its jobs can come to need. */
  LaneSize demand() {
    return LaneSize.of(jobs);
  }

  /** True when a change of its size failed, so that all it held is lost. */
  boolean broken() {
    return broken;
  }

  /** Takes a job in, for which there must be room, with a row for each prompt. */
  void add(Job job) {
    job.admit(freePlaces(job.rowsOfPrompts()));
    jobs.add(job);
  }

  /** From the top: the first rows are those of the decoding steps. */
  private int[] freePlaces(int count) {
    boolean[] used = used();
    return IntStream.iterate(used.length - 1, place -> place >= 0, place -> place - 1)
        .filter(place -> !used[place])
        .limit(count)
        .toArray();
  }

  void remove(Job job) {
    jobs.remove(job);
  }

  private boolean[] used() {
    boolean[] used = new boolean[size.rows()];
    for (Job job : jobs) {
      for (int place : job.places()) {
        used[place] = true;
      }
    }
    return used;
  }

  /**
   * Changes the size to one that holds the demand.
   *
   * @throws dev.polylm.PolyLmException where memory is wanting; the lane is broken then
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
    for (Job job : jobs) {
      int[] places = job.places();
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

  /** Takes over the jobs of another lane, for which there must be room. */
  void takeOver(Lane other) {
    for (Job job : other.jobs) {
      int[] from = job.places();
      int[] to = freePlaces(from.length);
      for (int i = 0; i < from.length; i++) {
        rows.copyPrefix(other.rows, from[i], to[i], other.rows.length(from[i]));
      }
      job.moveTo(to);
      jobs.add(job);
    }
    other.jobs.clear();
  }

  /**
   * Forgets what the row of a job's prompt holds that is not of the prompt, or must be read again
   * for its logits. Prompts may follow one another in a row.
   */
  void beginPrompt(Job job) {
    if (job.beginPrompt()) {
      int place = job.promptPlace();
      rows.truncate(place, rows.commonPrefix(place, job.prompt(), job.reusableIds()));
    }
  }

  /** Where the next chunk of a job's prompt ends. */
  int chunkEnd(Job job, int chunk) {
    int from = rows.length(job.promptPlace());
    int to = Math.min(from + chunk, job.prompt().length);
    int firstLogits = Math.max(from, job.promptLogitsFrom());
    return Math.min(to, firstLogits + size.logitsRows());
  }

  /** Reads the next chunk of a job's prompt. */
  void read(Job job, int to, int vocabSize, EngineObserver observer) {
    int from = rows.length(job.promptPlace());
    int logitsRows = Math.max(1, to - Math.max(from, job.promptLogitsFrom()));
    long begun = System.nanoTime();
    if (job.wantsHiddenStates()) {
      rows.readHiddenStates(job.promptPlace(), job.prompt(), from, to);
    } else {
      rows.read(job.promptPlace(), job.prompt(), from, to, logitsRows);
    }
    observer.promptRead(to - from, since(begun));
    job.hiddenStatesRead(to - from, rows::copyHiddenState);
    job.promptRead(from, to, logitsRows, vocabSize, rows::copyLogits);
  }

  /** Forgets what a job has read, where it can't be relied on. */
  void forget(Job job) {
    for (int place : job.places()) {
      rows.truncate(place, 0);
    }
  }

  /** The jobs whose rows take part in decoding steps. */
  List<Job> decoding() {
    return jobs.stream().filter(job -> job.decoding() && !job.ticket().ended()).toList();
  }

  private static Duration since(long begun) {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** Makes a decoding step for all rows of jobs. */
  void decode(List<Job> decoding, EngineObserver observer) {
    // Alone, a job may read what it guesses; beside others that would cost them a run.
    if (decoding.size() == 1 && decoding.get(0).next().draftIds().length > 0) {
      decodeDraft(decoding.get(0), observer);
    } else {
      decoding.forEach(Job::dropDraft);
      decodeTogether(decoding, observer);
      decoding.forEach(job -> job.stepped(rows::copyLogits));
    }
  }

  /**
   * Reads the next id of a job's only row and the ids that it guesses to follow, in a run of its
   * own, and forgets those that do not hold. The row is not moved.
   */
  private void decodeDraft(Job job, EngineObserver observer) {
    NextStep step = job.next();
    int[] draft = step.draftIds();
    int place = job.places()[step.parents()[0]];
    int[] ids = new int[1 + draft.length];
    ids[0] = step.ids()[0];
    System.arraycopy(draft, 0, ids, 1, draft.length);
    int held = rows.length(place);
    long begun = System.nanoTime();
    rows.read(place, ids, 0, ids.length, ids.length);
    observer.stepped(1, since(begun));
    job.moveTo(new int[] {place});
    job.steppedWithDraft(rows::copyLogits);
    rows.truncate(place, held + job.next().heldIds());
  }

  private void decodeTogether(List<Job> decoding, EngineObserver observer) {
    int[] sources = decoding.stream().flatMapToInt(Lane::sources).toArray();
    int[] held = held();
    int[] places = RowPlacement.arrange(size.rows(), sources, held, new LaneMoves());
    giveHeld(held);
    int[] ids = new int[sources.length];
    int next = 0;
    for (Job job : decoding) {
      int[] nextIds = job.next().ids();
      for (int row = 0; row < nextIds.length; row++) {
        ids[places[next + row]] = nextIds[row];
      }
      job.moveTo(Arrays.copyOfRange(places, next, next + nextIds.length));
      next += nextIds.length;
    }
    long begun = System.nanoTime();
    rows.decode(ids);
    observer.stepped(ids.length, since(begun));
  }

  /** Where the rows lie that a job's next ones go on from. */
  private static IntStream sources(Job job) {
    return Arrays.stream(job.next().parents()).map(parent -> job.places()[parent]);
  }

  private int[] held() {
    return jobs.stream()
        .filter(job -> !job.decoding())
        .flatMapToInt(job -> Arrays.stream(job.places()))
        .toArray();
  }

  private void giveHeld(int[] held) {
    int next = 0;
    for (Job job : jobs) {
      if (!job.decoding()) {
        job.moveTo(Arrays.copyOfRange(held, next, next + job.places().length));
        next += job.places().length;
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

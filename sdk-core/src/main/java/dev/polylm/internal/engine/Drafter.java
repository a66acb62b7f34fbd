package dev.polylm.internal.engine;

import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.Timings;
import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.internal.runtime.DecoderRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Lets a draft model guess the next ids of requests. {@link DraftPace} decides how many, and sees
 * the times of all steps because this object observes the engine. A task chooses each guess from
 * the draft model's logits.
 */
final class Drafter implements EngineObserver {
  /** After a step the draft model has not read its next id, and perhaps its last guess. */
  private static final int READ_AS_GUESS = 2;

  private final DraftRows rows;
  private final DraftPace pace;
  private final int chunk;
  private final EngineObserver observer;
  private final List<Guessed> guessed = new ArrayList<>(); // of the present step

  /**
   * How much to guess for a request.
   *
   * @param ids the ids that the guesses follow
   */
  @SuppressWarnings("ArrayRecordComponent") // private, never compared
  private record Plan(EngineRequest request, int[] ids, int length) {}

  /**
   * How many guesses a request's next step reads.
   *
   * @param ofModel whether the draft model guessed them
   */
  private record Guessed(EngineRequest request, int guesses, boolean ofModel) {}

  /**
   * @param chunk the most ids that are read at once
   * @param observer is told all that this object is told
   */
  Drafter(DraftRows rows, DraftPace pace, int chunk, EngineObserver observer) {
    this.rows = rows;
    this.pace = pace;
    this.chunk = chunk;
    this.observer = observer;
  }

  /**
   * Guesses for the requests of a step, if that pays. Returns true if each request then reads its
   * own guesses in a run of its own.
   *
   * @param freeBytes tells the bytes that the draft model's rows may take in addition
   */
  boolean draft(List<EngineRequest> decoding, LongSupplier freeBytes) {
    guessed.clear();
    if (decoding.size() > DraftRows.MAX_ROWS) {
      observer.draftPlanned(0);
      return false;
    }
    List<Plan> plans = decoding.stream().map(request -> plan(request, decoding.size())).toList();
    observer.draftPlanned(plans.stream().mapToInt(Plan::length).max().orElse(0));
    boolean apart = plans.size() == 1 || plans.stream().allMatch(plan -> plan.length() > 0);
    if (apart) {
      plans.forEach(plan -> guess(plan, freeBytes.getAsLong()));
    }
    return apart;
  }

  private Plan plan(EngineRequest request, int stepRows) {
    int[] ids = request.idsToGuessAfter();
    int most = Math.min(capacity(request) - ids.length, DecodingTask.MAX_MODEL_GUESSES);
    if (ids.length == 0 || most < 1) {
      return new Plan(request, ids, 0);
    }
    int unread = ids.length - 1 - rows.known(request, ids);
    int made = ids.length - request.promptLength();
    int length = pace.length(stepRows, unread, made, most);
    boolean longer = length > request.next().draftIds().length;
    return new Plan(request, ids, longer ? length : 0);
  }

  /** Returns how many ids of a request both models can hold. */
  private int capacity(EngineRequest request) {
    return Math.min(rows.contextLength(), request.size().capacity());
  }

  private void guess(Plan plan, long freeBytes) {
    EngineRequest request = plan.request();
    int made = 0;
    DecoderRows row =
        plan.length() == 0 ? null : rows.of(request, plan.ids(), capacity(request), freeBytes);
    if (row != null && readTo(plan, row)) {
      int guess = request.guess(row::copyLogits);
      while (guess != DecodingTask.NO_GUESS) {
        made++;
        if (made == plan.length()) {
          break;
        }
        long begun = System.nanoTime();
        row.decode(new int[] {guess});
        pace.guessed(since(begun));
        guess = request.guess(row::copyLogits);
      }
    }
    int guesses = request.next().draftIds().length;
    guessed.add(new Guessed(request, guesses, made > 0 && made == guesses));
  }

  /** Reads the ids that the draft model has not read. Returns false if the request has ended. */
  private boolean readTo(Plan plan, DecoderRows row) {
    int[] ids = plan.ids();
    while (row.length(0) < ids.length) {
      if (plan.request().ended()) {
        return false;
      }
      int from = row.length(0);
      int to = Math.min(ids.length, from + chunk);
      long begun = System.nanoTime();
      if (to - from == 1) {
        row.decode(new int[] {ids[from]});
      } else {
        row.read(0, ids, from, to, 1);
      }
      double took = since(begun);
      if (to - from <= READ_AS_GUESS) {
        pace.guessed(took);
      } else {
        pace.caughtUp(to - from, took);
      }
    }
    return true;
  }

  private static double since(long begun) {
    return (double) (System.nanoTime() - begun);
  }

  /** Notes which guesses of the step were right. */
  void settle() {
    for (Guessed step : guessed) {
      if (step.guesses() > 0 && !step.request().stopped()) {
        int right = step.request().next().heldIds() - 1;
        pace.settled(guessed.size(), step.guesses(), right, step.ofModel());
      }
    }
  }

  @Override
  public void promptRead(int ids, Duration took) {
    pace.promptRead((double) took.toNanos());
    observer.promptRead(ids, took);
  }

  @Override
  public void stepped(int stepRows, int guesses, Duration took) {
    if (guesses == 0) {
      pace.stepped(stepRows, (double) took.toNanos());
    } else {
      pace.steppedWithGuesses(guesses, (double) took.toNanos());
    }
    observer.stepped(stepRows, guesses, took);
  }

  @Override
  public void ended(
      EngineRequest.Status how, int promptIds, int reusedIds, DraftCounts drafts, Timings timings) {
    if (timings.steps() > 0) {
      pace.answered(timings.steps() + drafts.accepted());
    }
    observer.ended(how, promptIds, reusedIds, drafts, timings);
  }
}

package dev.polylm.internal.engine;

import dev.polylm.generation.FinishReason;
import dev.polylm.generation.Timings;
import dev.polylm.internal.adapter.LoadedAdapter;
import dev.polylm.internal.decoding.DecodingRunner.Terms;
import dev.polylm.internal.decoding.DecodingRunner.Ticket;
import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.internal.decoding.DecodingTask.HiddenStates;
import dev.polylm.internal.decoding.DecodingTask.RowLogits;
import dev.polylm.internal.decoding.Waits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task in the engine, from its submission to its end: its status, its progress, and the places of
 * its rows. Its caller sees it as a {@link Ticket}.
 *
 * <p>The engine owns the task until the request ends; afterwards the caller owns it. The engine
 * uses the task with this object's lock held. So a cancel from any thread ends the request at once,
 * even during a run or an allocation. The engine notices at its next use, and frees the rows.
 */
public final class EngineRequest implements Ticket {

  /** The status of a request. */
  public enum Status {
    /** The request waits for room. */
    WAITING,
    /** The request has its rows. */
    RUNNING,
    /** The task needs no further step. */
    FINISHED,
    /** The request was cancelled. */
    CANCELLED,
    /** The time limit of the request passed. */
    TIMED_OUT,
    /** A run of the model or the task itself failed. */
    FAILED
  }

  /**
   * The next step of a task.
   *
   * @param parents [rows]: the row of the last step that each row continues
   * @param ids [rows]: the id that each row reads
   * @param draftIds guessed ids that the only row may read in the same run
   * @param heldIds how many of the ids read in the last step are kept
   */
  @SuppressWarnings("ArrayRecordComponent") // package-private, never compared
  record NextStep(int[] parents, int[] ids, int[] draftIds, int heldIds) {
    private static final NextStep NONE = new NextStep(new int[0], new int[0], new int[0], 1);

    /**
     * Returns the next step of a task that took its logits. It is empty if the task is finished.
     */
    private static NextStep of(DecodingTask task) {
      int rows = task.finished() ? 0 : task.rows();
      int[] ids = new int[rows];
      Arrays.setAll(ids, task::nextId);
      int[] draftIds = rows == 0 ? new int[0] : task.draftIds();
      return new NextStep(Arrays.copyOf(task.parents(), rows), ids, draftIds, task.heldIds());
    }
  }

  // Shared with the caller, and guarded by this.
  private final DecodingTask task;
  private Status status = Status.WAITING;
  private @Nullable FinishReason stopReason; // of a stopped request
  private @Nullable Throwable failure; // of a failed request
  private @Nullable Duration queued; // null while it waits
  private @Nullable Duration prefill; // null until its prompts have been read
  private int reusedIds;
  private int steps;
  private volatile boolean ended;
  private volatile Timings timings = new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);
  private final CompletableFuture<Optional<FinishReason>> outcome = new CompletableFuture<>();

  // Only the engine's thread uses these.
  private final Terms terms;
  private final EngineObserver observer;
  private final List<int[]> prompts;
  private final int[] wantedFrom; // [prompts]: the first position whose logits the task wants
  private final boolean hiddenStates; // the task wants hidden states of its prompts
  private final boolean reproducible; // the task shares no runs, and no keys and values
  private final int rowsOfPrompts; // a row for each prompt, or one for all in turn
  private final LaneSize size;
  private final float[][] promptLogits; // [rowsOfPrompts][vocabSize]: the logits after each prompt
  private int[] places = {}; // [rows]: which row of the lane holds each row
  private NextStep next = NextStep.NONE;
  private int reading; // the prompt that is being read; prompts.size() when all have been
  private boolean promptBegun; // of the prompt that is being read
  private boolean preempted; // its rows keep their contents, and are in no step

  /**
   * @param chunkLogits the largest number of rows of logits of a chunk
   * @param chunkStates the number of rows of logits that take as much memory as the hidden states
   *     of a chunk
   * @param observer receives its end
   */
  EngineRequest(
      DecodingTask task, Terms terms, int chunkLogits, int chunkStates, EngineObserver observer) {
    this.task = task;
    this.terms = terms;
    this.observer = observer;
    this.prompts = task.prompts();
    this.wantedFrom = new int[prompts.size()];
    Arrays.setAll(wantedFrom, task::promptLogitsFrom);
    this.hiddenStates = task.wantsHiddenStates();
    this.reproducible = task.reproducible();
    this.rowsOfPrompts = task.maxRows() == 0 ? 1 : prompts.size();
    this.promptLogits = new float[rowsOfPrompts][];
    this.size = size(chunkLogits, hiddenStates ? chunkStates : 0);
  }

  private LaneSize size(int chunkLogits, int chunkStates) {
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
    int rows = Math.max(task.maxRows(), rowsOfPrompts);
    int wanted = 1 + task.maxDraftIds();
    for (int i = 0; i < prompts.size(); i++) {
      int inChunk = Math.min(prompts.get(i).length - promptLogitsFrom(i), chunkLogits);
      wanted = Math.max(wanted, inChunk);
    }
    // The last id of a sequence is never read.
    return new LaneSize(
        rows, Math.max(longest, task.maxLength() - 1), Math.max(rows, wanted) + chunkStates);
  }

  /**
   * Returns the position of the first wanted logits of a prompt. Those after the last id are always
   * wanted.
   */
  private int promptLogitsFrom(int prompt) {
    return Math.min(wantedFrom[prompt], prompts.get(prompt).length - 1);
  }

  /** Returns the position of the first wanted logits of the prompt that is being read. */
  int promptLogitsFrom() {
    return promptLogitsFrom(reading);
  }

  /**
   * Returns how many of the prompt's first ids need not be read if their keys and values are known.
   */
  int reusableIds() {
    return hiddenStates || reproducible ? 0 : promptLogitsFrom();
  }

  /** Returns whether it needs its own lane. */
  boolean reproducible() {
    return reproducible;
  }

  boolean wantsHiddenStates() {
    return hiddenStates;
  }

  int priority() {
    return terms.priority();
  }

  /** Returns the name of the caller, or null if there is none. */
  @Nullable String caller() {
    return terms.caller();
  }

  /** Returns what the model runs with, or null for nothing. */
  @Nullable LoadedAdapter adapter() {
    return terms.adapter();
  }

  /**
   * Runs an action on the task, unless the request has ended. An exception of the action ends the
   * request.
   */
  private void use(Runnable action) {
    synchronized (this) {
      if (ended) {
        return;
      }
      try {
        action.run();
        if (task.finished()) {
          end(Status.FINISHED);
        }
      } catch (RuntimeException | Error e) {
        failure = e;
        end(Status.FAILED);
      }
      if (!ended) {
        return;
      }
    }
    tellOfEnd();
  }

  /** Ends the request with a status. The caller holds the lock. */
  private void end(Status how) {
    timings = timingsNow();
    status = how;
    ended = true;
  }

  /** Ends the request with its ids so far, unless it has ended. */
  private void stop(Status how, FinishReason reason) {
    synchronized (this) {
      if (ended) {
        return;
      }
      try {
        task.stop(reason);
        stopReason = reason;
        end(how);
      } catch (RuntimeException | Error e) {
        failure = e;
        end(Status.FAILED);
      }
    }
    tellOfEnd();
  }

  @Override
  public void cancel() {
    stop(Status.CANCELLED, FinishReason.CANCELLED);
  }

  /** Ends the request because its time is over, unless it has ended. */
  void timeOut() {
    stop(Status.TIMED_OUT, FinishReason.TIME);
  }

  /** Ends the request with a failure, unless it has ended. */
  void fail(RuntimeException cause) {
    use(
        () -> {
          throw cause;
        });
  }

  /**
   * Tells observers of the end, then the caller. So metrics, events and the log are complete when
   * the caller has the result. Call this without the lock, because it runs the caller's actions.
   */
  private void tellOfEnd() {
    LoadedAdapter adapter = terms.adapter();
    if (adapter != null) {
      adapter.release();
    }
    try {
      int promptIds = prompts.stream().mapToInt(prompt -> prompt.length).sum();
      observer.ended(status, promptIds, reusedIds, task.draftCounts(), timings);
    } catch (RuntimeException e) {
      // The answer exists even if an observer failed.
    }
    if (failure == null) {
      outcome.complete(Optional.ofNullable(stopReason));
    } else {
      outcome.completeExceptionally(failure);
    }
  }

  @Override
  public Optional<FinishReason> await() {
    return Waits.uninterrupted(outcome::get, this::cancel);
  }

  @Override
  public void onEnd(Consumer<@Nullable Throwable> action) {
    CompletableFuture<Optional<FinishReason>> unused =
        outcome.whenComplete((stopped, cause) -> action.accept(cause));
  }

  boolean ended() {
    return ended;
  }

  /** Returns true if it has ended before its task was finished. */
  synchronized boolean stopped() {
    return ended && status != Status.FINISHED;
  }

  /** Returns true if the time limit has passed. */
  boolean late() {
    Duration timeout = terms.timeout();
    return timeout != null && elapsed().compareTo(timeout) >= 0;
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - terms.since());
  }

  @Override
  public Timings timings() {
    return timings;
  }

  @Override
  public synchronized int reusedIds() {
    return reusedIds;
  }

  private Timings timingsNow() {
    Duration now = elapsed();
    Duration waited = queued == null ? now : queued;
    Duration begun = now.minus(waited);
    Duration read = prefill == null ? begun : prefill;
    return new Timings(waited, read, begun.minus(read), steps);
  }

  /** Returns the size that the request may need. */
  LaneSize size() {
    return size;
  }

  /** Returns the rows of the lane that the request uses. The caller may change the array. */
  int[] places() {
    return places;
  }

  void moveTo(int[] newPlaces) {
    places = newPlaces;
  }

  /** Begins with a row for each prompt. */
  void admit(int[] promptPlaces) {
    use(
        () -> {
          status = Status.RUNNING;
          queued = elapsed();
        });
    places = promptPlaces;
  }

  /** Returns the number of rows that its prompts are read into. */
  int rowsOfPrompts() {
    return rowsOfPrompts;
  }

  /** Returns true if all prompts have been read, so that the rows take part in decoding steps. */
  boolean decoding() {
    return reading == prompts.size();
  }

  /** Returns true if it has its rows, but others go first: it waits to be resumed. */
  boolean preempted() {
    return preempted;
  }

  void preempt() {
    preempted = true;
  }

  void resume() {
    preempted = false;
  }

  /** Returns the number of ids of its first prompt. */
  int promptLength() {
    return prompts.get(0).length;
  }

  /** Returns the prompt that is being read. */
  int[] prompt() {
    return prompts.get(reading);
  }

  /** Returns true at the first call for each prompt. */
  boolean beginPrompt() {
    boolean first = !promptBegun;
    promptBegun = true;
    return first;
  }

  /** Returns the row of the lane that the prompt is being read into. */
  int promptPlace() {
    return places[rowOfPrompt()];
  }

  private int rowOfPrompt() {
    return Math.min(reading, rowsOfPrompts - 1);
  }

  void reused(int ids) {
    use(() -> reusedIds += ids);
  }

  /**
   * Takes the hidden states of a chunk of the prompt if the task wants them. Call this before
   * taking the logits.
   */
  void hiddenStatesRead(int ids, HiddenStates states) {
    if (hiddenStates) {
      int prompt = reading;
      use(() -> task.takeHiddenStates(prompt, ids, states));
    }
  }

  /**
   * Takes the logits of a chunk of the prompt.
   *
   * @param from the position of the chunk's first id
   * @param to the position after the chunk's last id
   * @param logitsRows the number of rows of logits, which follow the chunk's last ids
   */
  void promptRead(int from, int to, int logitsRows, int vocabSize, RowLogits logits) {
    int prompt = reading;
    int wanted = Math.max(from, wantedFrom[prompt]);
    if (wanted < to) {
      int first = wanted - (to - logitsRows);
      RowLogits ofWanted = (row, target) -> logits.copy(first + row, target);
      use(() -> task.takePromptLogits(prompt, wanted, to - wanted, ofWanted));
    }
    if (to == prompt().length) {
      float[] last = new float[vocabSize];
      logits.copy(logitsRows - 1, last);
      promptLogits[rowOfPrompt()] = last;
      reading++;
      promptBegun = false;
      if (decoding()) {
        use(
            () -> {
              prefill = timingsNow().prefill();
              advance(
                  (row, target) -> System.arraycopy(promptLogits[row], 0, target, 0, vocabSize));
            });
        Arrays.fill(promptLogits, new float[0]);
      }
    }
  }

  /** Returns the next step of its rows. */
  NextStep next() {
    return next;
  }

  /**
   * Returns the ids of its only row, with the next one, if a draft model may guess what follows
   * them; else none.
   */
  int[] idsToGuessAfter() {
    int[][] ids = {new int[0]};
    use(() -> ids[0] = task.idsToGuessAfter());
    return ids[0];
  }

  /**
   * Lets the task guess an id of the next step from a draft model's logits. Returns the guess, or
   * none.
   */
  int guess(RowLogits logits) {
    int[] guess = {DecodingTask.NO_GUESS};
    use(
        () -> {
          guess[0] = task.guess(logits);
          next = NextStep.of(task);
        });
    return guess[0];
  }

  /** Drops the draft of the next step. */
  void dropDraft() {
    use(task::dropDraft);
  }

  /**
   * Takes the logits of a decoding step: one row for each of its rows, or for each id that its only
   * row read.
   */
  void stepped(RowLogits logits) {
    use(
        () -> {
          steps++;
          advance(logits);
        });
  }

  /** Passes logits to the task and takes its next step. The caller holds the lock. */
  private void advance(RowLogits logits) {
    task.advance(logits);
    next = NextStep.of(task);
  }
}

package dev.polylm.internal.engine;

import dev.polylm.PolyLmException;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.Timings;
import dev.polylm.internal.decoding.DecodingRunner.Terms;
import dev.polylm.internal.decoding.DecodingRunner.Ticket;
import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.internal.decoding.DecodingTask.HiddenStates;
import dev.polylm.internal.decoding.DecodingTask.RowLogits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task on its way through the engine, from its submission to its end: how it stands, how far it
 * is, where its rows lie. Its caller sees it as a {@link Ticket}.
 *
 * <p>The task is the engine's until the request ends, and the caller's afterwards. The engine uses
 * it with this object's lock held. So a cancel, from any thread, ends the request at once, whatever
 * run or allocation is under way; the engine finds out at its next use, and lets the rows go.
 */
public final class EngineRequest implements Ticket {

  /** How a request stands. */
  public enum Status {
    /** It waits for room. */
    WAITING,
    /** It has its rows. */
    RUNNING,
    /** Its task wants no other step. */
    FINISHED,
    /** Someone has cancelled it. */
    CANCELLED,
    /** Its time was over. */
    TIMED_OUT,
    /** A run of the model, or the task itself, has failed. */
    FAILED
  }

  /**
   * What its rows read next.
   *
   * @param parents [rows]: which row of the step before each goes on from
   * @param ids [rows]: what each reads
   * @param draftIds guessed ids that the only row may read in the same run
   * @param heldIds how many of the ids that were read in the step before hold
   */
  @SuppressWarnings("ArrayRecordComponent") // package-private, never compared
  record NextStep(int[] parents, int[] ids, int[] draftIds, int heldIds) {
    private static final NextStep NONE = new NextStep(new int[0], new int[0], new int[0], 1);

    /** What a task wants after it has taken its logits; nothing where it is finished. */
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
  private @Nullable FinishReason stopReason; // of one that was stopped
  private @Nullable Throwable failure; // of one that failed
  private @Nullable Duration queued; // null while it waits
  private @Nullable Duration prefill; // null until its prompts have been read
  private int reusedIds;
  private int steps;
  private volatile boolean ended;
  private volatile Timings timings = new Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);
  private final CompletableFuture<Optional<FinishReason>> outcome = new CompletableFuture<>();

  // The engine's thread only.
  private final Terms terms;
  private final EngineObserver observer;
  private final List<int[]> prompts;
  private final int[] wantedFrom; // [prompts]: the position from which on the task wants logits
  private final boolean hiddenStates; // the task wants those of its prompts
  private final boolean reproducible; // the task shares no runs, and no keys and values
  private final int rowsOfPrompts; // a row for each prompt, or one for all in turn
  private final LaneSize size;
  private final float[][] promptLogits; // [rowsOfPrompts][vocabSize]: what follows each
  private int[] places = {}; // [rows]: which row of the lane holds each row
  private NextStep next = NextStep.NONE;
  private int reading; // the prompt that is being read; prompts.size() when all have been
  private boolean promptBegun; // of the prompt that is being read

  /**
   * @param chunkLogits rows of logits that a chunk of a prompt may give at most
   * @param chunkStates rows of logits whose memory the hidden states of a chunk take
   * @param observer hears of its end
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

  /** Those that follow a prompt's last id are always wanted. */
  private int promptLogitsFrom(int prompt) {
    return Math.min(wantedFrom[prompt], prompts.get(prompt).length - 1);
  }

  /** The first position of the prompt that is being read after which logits are wanted. */
  int promptLogitsFrom() {
    return promptLogitsFrom(reading);
  }

  /** How many of the prompt's first ids need not be read where their keys and values are known. */
  int reusableIds() {
    return hiddenStates || reproducible ? 0 : promptLogitsFrom();
  }

  /** Whether it needs a lane of its own. */
  boolean reproducible() {
    return reproducible;
  }

  boolean wantsHiddenStates() {
    return hiddenStates;
  }

  int priority() {
    return terms.priority();
  }

  /** Whose it is, null where nobody says. */
  @Nullable String caller() {
    return terms.caller();
  }

  /** Does something with the task, unless it has ended; what that throws is how it ends. */
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

  /** With the lock held. */
  private void end(Status how) {
    timings = timingsNow();
    status = how;
    ended = true;
  }

  /** Ends the request with what it has, unless it has ended. */
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

  /** Ends the request as its time is over, unless it has ended. */
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
   * Whoever waits for the result finds metrics, events and the log complete: observers hear first.
   * Without the lock, as the caller's actions follow.
   */
  private void tellOfEnd() {
    try {
      int promptIds = prompts.stream().mapToInt(prompt -> prompt.length).sum();
      observer.ended(status, promptIds, reusedIds, timings);
    } catch (RuntimeException e) {
      // The answer is there, whatever is wrong with who was to hear of it.
    }
    if (failure == null) {
      outcome.complete(Optional.ofNullable(stopReason));
    } else {
      outcome.completeExceptionally(failure);
    }
  }

  @Override
  public Optional<FinishReason> await() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return outcome.get();
        } catch (InterruptedException e) {
          interrupted = true;
          cancel();
        } catch (ExecutionException e) {
          throw unchecked(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException unchecked(@Nullable Throwable cause) {
    if (cause instanceof RuntimeException failure) {
      return failure;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new PolyLmException("the request failed: " + cause, cause);
  }

  @Override
  public void onEnd(Consumer<@Nullable Throwable> action) {
    CompletableFuture<Optional<FinishReason>> unused =
        outcome.whenComplete((stopped, cause) -> action.accept(cause));
  }

  boolean ended() {
    return ended;
  }

  /** True when its time is up. */
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

  private Timings timingsNow() {
    Duration now = elapsed();
    Duration waited = queued == null ? now : queued;
    Duration begun = now.minus(waited);
    Duration read = prefill == null ? begun : prefill;
    return new Timings(waited, read, begun.minus(read), steps);
  }

  /** What it can come to need. */
  LaneSize size() {
    return size;
  }

  /** The rows of its lane that hold something of it; may be written to. */
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

  /** How many rows its prompts are read into. */
  int rowsOfPrompts() {
    return rowsOfPrompts;
  }

  /** True when all prompts have been read, so that its rows take part in the decoding steps. */
  boolean decoding() {
    return reading == prompts.size();
  }

  /** The prompt that is being read. */
  int[] prompt() {
    return prompts.get(reading);
  }

  /** True the first time for each prompt. */
  boolean beginPrompt() {
    boolean first = !promptBegun;
    promptBegun = true;
    return first;
  }

  /** The row of the lane that the prompt is being read into. */
  int promptPlace() {
    return places[rowOfPrompt()];
  }

  private int rowOfPrompt() {
    return Math.min(reading, rowsOfPrompts - 1);
  }

  void reused(int ids) {
    use(() -> reusedIds += ids);
  }

  /** Takes the hidden states of a chunk of the prompt where the task wants them; before logits. */
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
   * @param to after its last
   * @param logitsRows rows of logits of the chunk, those that follow its last ids
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

  /** What its rows read next. */
  NextStep next() {
    return next;
  }

  /** The next step reads no draft. */
  void dropDraft() {
    use(task::dropDraft);
  }

  /** Takes the logits of a decoding step: by its rows, or by the ids that its only row has read. */
  void stepped(RowLogits logits) {
    use(
        () -> {
          steps++;
          advance(logits);
        });
  }

  /** With the lock held. */
  private void advance(RowLogits logits) {
    task.advance(logits);
    next = NextStep.of(task);
  }
}

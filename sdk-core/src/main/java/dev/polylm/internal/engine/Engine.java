package dev.polylm.internal.engine;

import dev.polylm.EngineState;
import dev.polylm.InvalidSettingException;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.QueueFullException;
import dev.polylm.internal.adapter.LoadedAdapter;
import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.internal.runtime.AdapterTable;
import dev.polylm.internal.runtime.CachedPrefix;
import dev.polylm.internal.runtime.Decoder;
import dev.polylm.model.ModelDimensions;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs all tasks of a model on one thread, so that they share its runs.
 *
 * <p>Thread-safe. The thread lives while there is work and for some seconds afterwards. It uses no
 * processor time while it waits.
 */
public final class Engine implements DecodingRunner, AutoCloseable {
  /** The largest number of logits of a run, in floats: 32 MB. */
  private static final int LOGITS_LIMIT = 8 << 20;

  private static final int KEEP_ALIVE_SECONDS = 10;

  private final MemoryBudget budget;
  private final PolyLmOptions options;
  private final RequestQueue queue;
  private final LanePool pool;
  private final Scheduler scheduler;
  private final EngineObserver observer;
  private final ThreadPoolExecutor executor;
  private final Queue<Runnable> errands = new ConcurrentLinkedQueue<>(); // between two steps
  private final Object lock = new Object();
  private boolean working; // guarded by lock: a thread is in work()
  private boolean closed; // guarded by lock
  private volatile @Nullable Thread worker;
  private volatile EngineState state;

  /**
   * Makes an engine that starts its thread with the first task.
   *
   * @param decoder the model, whose owner closes it after the engine
   * @param draft a small model that guesses ids; null for none; its owner closes it likewise
   * @param observer receives what the engine does
   */
  public Engine(
      Decoder decoder, @Nullable Decoder draft, PolyLmOptions options, EngineObserver observer) {
    this(
        RunModel.of(decoder),
        draft == null ? null : Guesser.of(RunModel.of(decoder), RunModel.of(draft)),
        withMemoryOfDevice(checked(options, RunModel.of(decoder)), decoder.freeMemory()),
        observer);
  }

  /** A model's rows and sizes. */
  record RunModel(
      LanePool.RowsFactory factory,
      LanePool.AdapterPlaces adapters,
      ModelDimensions dimensions,
      int elementBytes) {
    static RunModel of(Decoder decoder) {
      AdapterTable table = decoder.adapters();
      return new RunModel(
          decoder::newRows,
          table == null ? (adapter, inUse) -> false : table::place,
          decoder.dimensions(),
          decoder.cacheElementBytes());
    }

    /** Returns the number of weights that a step reads. */
    private double weights() {
      double hidden = dimensions.hiddenSize();
      return hidden * (12 * hidden * dimensions.layers() + dimensions.vocabSize());
    }
  }

  /** A draft model, and how much it guesses. */
  record Guesser(RunModel draft, DraftPace pace) {
    private static Guesser of(RunModel model, RunModel draft) {
      double relativeSize = draft.weights() / model.weights();
      return new Guesser(draft, new DraftPace(relativeSize, DraftRows.MAX_ROWS));
    }
  }

  Engine(
      RunModel model, @Nullable Guesser guesser, PolyLmOptions options, EngineObserver observer) {
    this.options = options;
    this.budget = budget(model.dimensions(), model.elementBytes(), options);
    this.queue = new RequestQueue(options.queueCapacity());
    DraftRows draftRows = guesser == null ? null : draftRows(guesser.draft());
    this.pool =
        new LanePool(
            model.factory(),
            model.adapters(),
            budget,
            options.maxRows(),
            options.prefixReuse(),
            draftRows);
    Drafter drafter =
        guesser == null || draftRows == null
            ? null
            : new Drafter(draftRows, guesser.pace(), options.promptChunk(), observer);
    this.observer = drafter == null ? observer : drafter;
    this.scheduler =
        new Scheduler(
            queue,
            pool,
            options.promptChunk(),
            model.dimensions().vocabSize(),
            drafter,
            this.observer);
    this.state = pool.state(0);
    this.executor =
        new ThreadPoolExecutor(
            0,
            1,
            KEEP_ALIVE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Engine::thread);
  }

  private DraftRows draftRows(RunModel draft) {
    MemoryBudget ofDraft =
        new MemoryBudget(budget.limit(), draft.dimensions(), draft.elementBytes());
    return new DraftRows(draft.factory(), ofDraft, options.prefixReuse());
  }

  /**
   * Checks that a short request fits the memory that is set.
   *
   * @throws PolyLmException if no request fits
   */
  private static PolyLmOptions checked(PolyLmOptions options, RunModel model) {
    MemoryBudget unlimited =
        new MemoryBudget(Long.MAX_VALUE, model.dimensions(), model.elementBytes());
    LaneSize shortest = unlimited.rounded(new LaneSize(1, 1, 1));
    long least = unlimited.bytes(shortest);
    long set = options.keyValueBytes();
    if (set > 0 && set < least) {
      int context = model.dimensions().contextLength();
      throw new InvalidSettingException(
          "keyValueBytes",
          "is %s, must be 0 or at least %s, which a request of %s tokens takes; one of the model's whole context takes %s"
              .formatted(
                  set, least, shortest.capacity(), unlimited.bytes(new LaneSize(1, context, 1))));
    }
    return options;
  }

  /** Sets the memory for keys and values, unless it is set or the host's. */
  private static PolyLmOptions withMemoryOfDevice(PolyLmOptions options, OptionalLong free) {
    return options.keyValueBytes() > 0 || free.isEmpty()
        ? options
        : options.toBuilder().keyValueBytes(Math.max(1, free.getAsLong() / 4 * 3)).build();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "polylm-engine");
    thread.setDaemon(true);
    return thread;
  }

  private static MemoryBudget budget(
      ModelDimensions dimensions, int elementBytes, PolyLmOptions options) {
    MemoryBudget unlimited = new MemoryBudget(Long.MAX_VALUE, dimensions, elementBytes);
    long oneRow = unlimited.bytes(new LaneSize(1, dimensions.contextLength(), 1));
    return new MemoryBudget(
        options.keyValueBytes() > 0 ? options.keyValueBytes() : FreeMemory.forKeysAndValues(oneRow),
        dimensions,
        elementBytes);
  }

  /**
   * Checks that the calling thread is not the engine's own, which would wait for itself.
   *
   * @throws PolyLmException if the engine itself called the caller
   */
  public void checkThread() {
    if (Thread.currentThread() == worker) {
      throw new PolyLmException(
          "a logits processor or callback can't use or close the model that runs it");
    }
  }

  /**
   * Accepts a task and runs it when there is room for it.
   *
   * @throws QueueFullException if the queue is full
   * @throws PolyLmException if the task can never fit, or the engine or its adapter is closed
   */
  @Override
  public Ticket submit(DecodingTask task, Terms terms) {
    checkThread();
    EngineRequest request = request(task, terms);
    checkFits(budget.rounded(request.size()));
    LoadedAdapter adapter = terms.adapter();
    if (adapter != null) {
      adapter.retain();
    }
    try {
      add(request);
    } catch (PolyLmException e) {
      if (adapter != null) {
        adapter.release();
      }
      throw e;
    }
    return request;
  }

  private void add(EngineRequest request) {
    synchronized (lock) {
      if (closed) {
        throw new PolyLmException("the model is closed");
      }
      queue.add(request);
      startWorking();
    }
  }

  private EngineRequest request(DecodingTask task, Terms terms) {
    int chunk = options.promptChunk();
    int chunkLogits = Math.min(Math.max(1, LOGITS_LIMIT / budget.dimensions().vocabSize()), chunk);
    int chunkStates = budget.dimensions().logitsRowsOfHiddenStates(chunk);
    return new EngineRequest(task, terms, chunkLogits, chunkStates, observer);
  }

  /** Starts the thread if it is not running. The caller holds the lock. */
  private void startWorking() {
    if (!working) {
      working = true;
      executor.execute(this::work);
    }
  }

  /**
   * Returns a copy of the keys and values that are kept for the beginning of ids, or null if there
   * are none. The caller closes it. It does not count as the engine's memory.
   *
   * @throws PolyLmException if the engine is closed, or there is not enough memory
   */
  public @Nullable CachedPrefix copyOfPrefix(int[] ids) {
    return runErrand(() -> pool.copyOfPrefix(ids));
  }

  /**
   * Keeps keys and values for prompts with the same beginning, if there is room. The engine owns
   * them from then on.
   *
   * @return whether they are kept
   * @throws PolyLmException if the engine is closed
   */
  public boolean keep(CachedPrefix prefix) {
    return runErrand(() -> pool.keep(prefix));
  }

  /** Runs an action on the engine's thread, between two steps, and waits for it. */
  private <T extends @Nullable Object> T runErrand(Supplier<T> action) {
    checkThread();
    CompletableFuture<T> done = new CompletableFuture<>();
    synchronized (lock) {
      if (closed) {
        throw new PolyLmException("the model is closed");
      }
      errands.add(() -> complete(done, action));
      startWorking();
    }
    try {
      return done.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof PolyLmException failure ? failure : e;
    }
  }

  private static <T extends @Nullable Object> void complete(
      CompletableFuture<T> done, Supplier<T> action) {
    try {
      done.complete(action.get());
    } catch (RuntimeException | Error e) {
      done.completeExceptionally(e);
    }
  }

  private void runErrands() {
    for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
      errand.run();
    }
  }

  private void checkFits(LaneSize size) {
    long bytes = budget.bytes(size);
    if (bytes > budget.limit() || !budget.possible(size)) {
      throw new PolyLmException(
          "the request may need %s rows of %s positions, which take %s bytes of keys, values and logits; the engine may use %s bytes, and %s for one tensor: ask for less, or raise keyValueBytes, whose default depends on the free memory and -XX:MaxDirectMemorySize"
              .formatted(size.rows(), size.capacity(), bytes, budget.limit(), Integer.MAX_VALUE));
    }
  }

  /** Returns the engine's load after the last step. */
  public EngineState state() {
    return state.waitingNow(queue.size());
  }

  private void work() {
    worker = Thread.currentThread();
    while (true) {
      runErrands();
      boolean busy = true;
      try {
        busy = scheduler.step();
      } catch (RuntimeException | Error e) { // later tasks must not wait for ever
        scheduler.failAll(e);
      }
      state = pool.state(queue.size());
      synchronized (lock) {
        if (!busy && queue.size() == 0 && errands.isEmpty()) {
          working = false;
          worker = null;
          lock.notifyAll();
          return;
        }
      }
    }
  }

  /**
   * Refuses further tasks, waits for those it has, and frees its memory; idempotent.
   *
   * @throws PolyLmException if the engine itself called the caller
   */
  @Override
  public void close() {
    checkThread();
    synchronized (lock) {
      closed = true;
      awaitIdle();
      pool.forget();
    }
    executor.shutdown();
  }

  /** Waits until the thread has no more work. The caller holds the lock. */
  private void awaitIdle() {
    boolean interrupted = false;
    while (working) {
      try {
        lock.wait();
      } catch (InterruptedException e) {
        interrupted = true; // memory that runs still use can't be freed
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

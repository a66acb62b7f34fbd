package dev.polylm.internal.engine;

import dev.polylm.EngineState;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.QueueFullException;
import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.internal.runtime.CachedPrefix;
import dev.polylm.internal.runtime.Decoder;
import dev.polylm.model.ModelDimensions;
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
 * Serves all tasks of a model on one thread, so that they share its runs.
 *
 * <p>Thread-safe. The thread is there while there is something to do and for some seconds
 * afterwards; it uses no processor time when there is nothing.
 */
public final class Engine implements DecodingRunner, AutoCloseable {
  /** Logits that are wanted of a run at most, in floats: 32 MB of them. */
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
   * @param observer hears what it does
   */
  public Engine(Decoder decoder, PolyLmOptions options, EngineObserver observer) {
    this(decoder::newRows, decoder.dimensions(), decoder.cacheElementBytes(), options, observer);
  }

  Engine(
      LanePool.RowsFactory factory,
      ModelDimensions dimensions,
      int elementBytes,
      PolyLmOptions options,
      EngineObserver observer) {
    this.options = options;
    this.budget = budget(dimensions, elementBytes, options);
    this.queue = new RequestQueue(options.queueCapacity());
    this.pool = new LanePool(factory, budget, options.maxRows(), options.prefixReuse());
    this.observer = observer;
    this.scheduler =
        new Scheduler(queue, pool, options.promptChunk(), dimensions.vocabSize(), observer);
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
   * Refuses the engine's own thread, which would wait for itself.
   *
   * @throws PolyLmException if something calls that the engine itself has called
   */
  public void checkThread() {
    if (Thread.currentThread() == worker) {
      throw new PolyLmException(
          "a logits processor or callback can't ask or close the model that runs it");
    }
  }

  /**
   * Has a task run when there is room for it.
   *
   * @throws QueueFullException if as many wait as may
   * @throws PolyLmException if it can never fit, or the engine is closed
   */
  @Override
  public Ticket submit(DecodingTask task, Terms terms) {
    checkThread();
    EngineRequest request = request(task, terms);
    checkFits(budget.rounded(request.size()));
    synchronized (lock) {
      if (closed) {
        throw new PolyLmException("the model is closed");
      }
      queue.add(request);
      startWorking();
    }
    return request;
  }

  private EngineRequest request(DecodingTask task, Terms terms) {
    int chunk = options.promptChunk();
    int chunkLogits = Math.min(Math.max(1, LOGITS_LIMIT / budget.dimensions().vocabSize()), chunk);
    int chunkStates = budget.dimensions().logitsRowsOfHiddenStates(chunk);
    return new EngineRequest(task, terms, chunkLogits, chunkStates, observer);
  }

  /** With the lock held. */
  private void startWorking() {
    if (!working) {
      working = true;
      executor.execute(this::work);
    }
  }

  /**
   * Returns a copy of the keys and values that are kept of the beginning of ids, for the caller to close;
   * null if nothing is. It is no part of the engine's memory.
   *
   * @throws PolyLmException if the engine is closed, or the memory is wanting
   */
  public @Nullable CachedPrefix copyOfPrefix(int[] ids) {
    return runErrand(() -> pool.copyOfPrefix(ids));
  }

  /**
   * Keeps keys and values for prompts that begin as they do, where there is room; they are the
   * engine's from now on.
   *
   * @throws PolyLmException if the engine is closed
   */
  public void keep(CachedPrefix prefix) {
    runErrand(
        () -> {
          pool.keep(prefix);
          return null;
        });
  }

  /** Has something done on the engine's thread, between two steps, and waits for it. */
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
          "the request can come to need %d rows of %d positions, %d bytes of keys, values and logits; the engine may take %d, and %d a tensor: ask for less, or raise keyValueBytes, whose default follows free memory and -XX:MaxDirectMemorySize"
              .formatted(size.rows(), size.capacity(), bytes, budget.limit(), Integer.MAX_VALUE));
    }
  }

  /** Returns what the engine holds, as of the last step. */
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
      } catch (RuntimeException | Error e) { // no reason to let later tasks wait for ever
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
   * Takes no further task, waits for those it has, and frees its memory; idempotent.
   *
   * @throws PolyLmException if it is called by something that the engine itself calls
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

  /** With the lock held. */
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

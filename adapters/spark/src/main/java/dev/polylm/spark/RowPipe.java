package dev.polylm.spark;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.spark.OpenModels.Lease;
import dev.polylm.spark.RowWork.Started;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a task with what the model says to each, in their order. A limited number of rows is
 * in flight, so the model always has enough of them, and the task reads no further than it must. If
 * the task ends early, so do its requests.
 */
final class RowPipe<I, O> implements Iterator<O> {
  private static final long KILL_CHECK_MILLIS = 100;

  private final Iterator<I> rows;
  private final RowWork<I, O> work;
  private final Tally tally;
  private final TaskContext context;
  private final ModelSource source;
  private final int window;
  private final InputFile file = new InputFile();

  // A task's end may come while another thread, such as a script's, asks for rows.
  private final ArrayDeque<InFlight<I>> inFlight = new ArrayDeque<>(); // guarded by itself
  private @Nullable Lease lease; // none before the first row; guarded by inFlight
  private boolean ended; // guarded by inFlight

  private @Nullable O next;

  private record InFlight<I>(
      I row, InputFile.Block file, @Nullable Started<?> started, @Nullable PolyLmException error) {
    void cancel() {
      if (started != null) {
        started.future().cancel(true);
      }
    }
  }

  RowPipe(Iterator<I> rows, RowWork<I, O> work, ModelSource source, Tally tally) {
    this.rows = rows;
    this.work = work;
    this.source = source;
    this.tally = tally;
    this.context = TaskContext.get();
    this.window = window(source.rows(), ModelSource.cores() / context.cpus());
    context.addTaskCompletionListener((TaskCompletionListener) task -> end());
  }

  /**
   * Returns how many rows of a task are in flight: together with the executor's other tasks, twice
   * the model's rows or more. A task alone has at least the model's rows.
   *
   * @param tasks how many tasks the executor runs at a time
   */
  static int window(int modelRows, int tasks) {
    return tasks > 1 ? modelRows : (int) Math.min(Integer.MAX_VALUE, 2L * modelRows);
  }

  private void end() {
    synchronized (inFlight) {
      ended = true;
      inFlight.forEach(InFlight::cancel);
      inFlight.clear();
      if (lease != null) {
        lease.close();
      }
    }
  }

  @Override
  public boolean hasNext() {
    while (next == null) {
      readAhead();
      InFlight<I> head = head();
      if (head == null) {
        return false;
      }
      next = finish(head);
      InputFile.put(head.file());
    }
    return true;
  }

  private void readAhead() {
    file.putBack();
    while (size() < window && rows.hasNext()) {
      I row = rows.next();
      file.note();
      add(start(row, model()));
    }
    file.note(); // the end of the rows may have changed it
  }

  @Override
  public O next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    O row = next;
    next = null;
    return row;
  }

  private int size() {
    synchronized (inFlight) {
      return inFlight.size();
    }
  }

  /** Returns the row that comes next, or null if there is none. */
  private @Nullable InFlight<I> head() {
    synchronized (inFlight) {
      checkNotEnded();
      return inFlight.peek();
    }
  }

  private void add(InFlight<I> row) {
    synchronized (inFlight) {
      if (ended) {
        row.cancel();
      }
      checkNotEnded();
      inFlight.add(row);
    }
  }

  private void checkNotEnded() {
    if (ended) {
      throw new IllegalStateException("the task has ended");
    }
  }

  /** Returns the model, which the first row opens unless another task did. */
  private PolyLm model() {
    synchronized (inFlight) {
      if (lease == null) {
        checkNotEnded();
        long begin = System.nanoTime();
        lease = OpenModels.lease(source, context.resourcesJMap());
        tally.addWaiting(System.nanoTime() - begin);
      }
      return lease.model();
    }
  }

  private InFlight<I> start(I row, PolyLm model) {
    try {
      return new InFlight<>(row, file.read(), work.start(row, model), null);
    } catch (PolyLmException e) {
      return new InFlight<>(row, file.read(), null, e);
    }
  }

  private @Nullable O finish(InFlight<I> head) {
    @Nullable Object @Nullable [] values = null;
    PolyLmException error = head.error();
    if (head.started() != null) {
      try {
        values = await(head.started(), context, tally);
      } catch (PolyLmException e) {
        error = e;
      }
    }
    synchronized (inFlight) {
      inFlight.poll();
    }
    tally.addRow(error != null);
    return work.finish(head.row(), values, error);
  }

  /**
   * Waits for the work on a row.
   *
   * @param context the task, or null if there is none
   * @throws RuntimeException what the work threw, or what Spark throws if the task was killed; the
   *     work is then cancelled
   */
  static <T> Object[] await(Started<T> started, @Nullable TaskContext context, Tally tally) {
    long begin = System.nanoTime();
    Future<T> future = started.future();
    try {
      return started.values().apply(result(future, context));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      endIfKilled(context);
      throw new IllegalStateException("the task's thread was interrupted", e);
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } finally {
      future.cancel(true); // has no effect if it has ended
      tally.addWaiting(System.nanoTime() - begin);
    }
  }

  private static <T> T result(Future<T> future, @Nullable TaskContext context)
      throws InterruptedException, ExecutionException {
    while (true) {
      endIfKilled(context);
      try {
        return future.get(KILL_CHECK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // the task may have been killed since
      }
    }
  }

  private static void endIfKilled(@Nullable TaskContext context) {
    if (context != null) {
      context.killTaskIfInterrupted();
    }
  }

  private static RuntimeException rethrown(@Nullable Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
  }
}

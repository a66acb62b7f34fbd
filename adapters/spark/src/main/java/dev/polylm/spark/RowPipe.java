package dev.polylm.spark;

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
  private final Lease lease;
  private final int window;
  private final ArrayDeque<InFlight<I>> inFlight = new ArrayDeque<>();
  private @Nullable O next;

  private record InFlight<I>(
      I row, @Nullable Started<?> started, @Nullable PolyLmException error) {}

  /** Opens the model, unless another task did. */
  RowPipe(Iterator<I> rows, RowWork<I, O> work, ModelSource source, Tally tally) {
    this.rows = rows;
    this.work = work;
    this.tally = tally;
    this.context = TaskContext.get();
    long begin = System.nanoTime();
    this.lease = OpenModels.lease(source, context.resourcesJMap());
    tally.addWaiting(System.nanoTime() - begin);
    this.window = window(source.rows(), ModelSource.cores() / context.cpus());
    context.addTaskCompletionListener((TaskCompletionListener) ended -> end());
  }

  /**
   * Returns how many rows of a task are in flight: together with the executor's other tasks, twice
   * the model's rows or more. A task alone has at least the model's rows.
   *
   * @param tasks how many tasks the executor runs at a time
   */
  static int window(int modelRows, int tasks) {
    return tasks > 1 ? modelRows : 2 * modelRows;
  }

  private void end() {
    inFlight.forEach(
        row -> {
          if (row.started() != null) {
            row.started().future().cancel(true);
          }
        });
    inFlight.clear();
    lease.close();
  }

  @Override
  public boolean hasNext() {
    while (next == null) {
      while (inFlight.size() < window && rows.hasNext()) {
        inFlight.add(start(rows.next()));
      }
      if (inFlight.isEmpty()) {
        return false;
      }
      next = finish(inFlight.element());
      inFlight.remove();
    }
    return true;
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

  private InFlight<I> start(I row) {
    try {
      return new InFlight<>(row, work.start(row, lease.model()), null);
    } catch (PolyLmException e) {
      return new InFlight<>(row, null, e);
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

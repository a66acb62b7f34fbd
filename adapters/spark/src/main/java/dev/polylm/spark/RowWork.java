package dev.polylm.spark;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import java.io.Serializable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is done with each row.
 *
 * @param <I> the rows that it reads
 * @param <O> the rows that it returns
 */
interface RowWork<I, O> extends Serializable {
  /**
   * Begins a row's work and does not wait for it.
   *
   * @return the work, or null if the row has a null where the model needs a text
   * @throws PolyLmException if the row is wrong
   */
  @Nullable Started<?> start(I row, PolyLm model);

  /**
   * Returns the row with the values of the model.
   *
   * @param values the values of {@link Started#values}, or null if there are none
   * @param error why there are none; null if the row has a null instead of a text
   * @return the row, or null if it is left out
   */
  @Nullable O finish(I row, @Nullable Object @Nullable [] values, @Nullable PolyLmException error);

  /**
   * The work on a row that is under way.
   *
   * @param future completes with the model's result
   * @param values returns the row's new values
   */
  record Started<T>(Future<T> future, Function<T, Object[]> values) {
    private static final ExecutorService CALLS =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "polylm-spark");
              thread.setDaemon(true);
              return thread;
            });

    /** Makes a call that blocks. There are no more threads than rows in flight. */
    static <T> Started<T> call(Supplier<T> call, Function<T, Object[]> values) {
      return new Started<>(CALLS.submit(call::get), values);
    }
  }
}

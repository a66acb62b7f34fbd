package dev.polylm.spark;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.spark.OpenModels.Lease;
import dev.polylm.spark.RowWork.Started;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;
import scala.Function1;
import scala.Function2;
import scala.Function3;
import scala.Function4;

/**
 * A call of a function in a query.
 *
 * @param nullOnError whether a row that fails gives null; otherwise, it fails the query
 */
record SqlCall(SqlFunction function, ModelSource source, boolean nullOnError, Tally counts)
    implements Serializable {

  /** Makes a call for one row and waits for it. */
  @Nullable Object evaluate(@Nullable Object... arguments) {
    TaskContext task = TaskContext.get();
    if (task != null) {
      return evaluate(OpenModels.ofTask(source, task), task, arguments);
    }
    try (Lease lease = OpenModels.lease(source, Map.of())) { // the driver may have rows of its own
      return evaluate(lease.model(), null, arguments);
    }
  }

  private @Nullable Object evaluate(
      PolyLm model, @Nullable TaskContext task, @Nullable Object[] arguments) {
    try {
      Started<?> started = start(arguments, model);
      Object[] values = started == null ? null : RowPipe.await(started, task, counts);
      counts.addRow(false);
      return value(values, null);
    } catch (PolyLmException e) {
      counts.addRow(true);
      return value(null, e);
    }
  }

  /** Begins a call, or returns null if an argument is null. */
  @Nullable Started<?> start(@Nullable Object[] arguments, PolyLm model) {
    if (Arrays.asList(arguments).contains(null)) {
      return null;
    }
    String[] texts = Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new);
    return function.start(texts, model, counts);
  }

  /** Returns the value of a call. */
  @Nullable Object value(@Nullable Object @Nullable [] values, @Nullable PolyLmException error) {
    if (error != null && !nullOnError) {
      throw error;
    }
    return values == null ? null : values[0];
  }

  /** Returns the call as the function of Scala that has so many arguments. */
  Object scalaFunction(int arguments) {
    return switch (arguments) {
      case 1 -> new Of1(this);
      case 2 -> new Of2(this);
      case 3 -> new Of3(this);
      default -> new Of4(this);
    };
  }

  /** A function of Scala that makes a call. */
  interface ScalaCall extends Serializable {
    SqlCall call();
  }

  private record Of1(SqlCall call) implements Function1<Object, Object>, ScalaCall {
    @Override
    public @Nullable Object apply(Object a) {
      return call.evaluate(a);
    }
  }

  private record Of2(SqlCall call) implements Function2<Object, Object, Object>, ScalaCall {
    @Override
    public @Nullable Object apply(Object a, Object b) {
      return call.evaluate(a, b);
    }
  }

  private record Of3(SqlCall call) implements Function3<Object, Object, Object, Object>, ScalaCall {
    @Override
    public @Nullable Object apply(Object a, Object b, Object c) {
      return call.evaluate(a, b, c);
    }
  }

  private record Of4(SqlCall call)
      implements Function4<Object, Object, Object, Object, Object>, ScalaCall {
    @Override
    public @Nullable Object apply(Object a, Object b, Object c, Object d) {
      return call.evaluate(a, b, c, d);
    }
  }
}

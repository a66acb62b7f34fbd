package dev.polylm.spark;

import com.codahale.metrics.Counter;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.polylm.generation.GenerationResult;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * What was done, counted by Spark's accumulators. Spark's UI shows them for each stage and task
 * while it runs. As with every accumulator of a transformation, a task that Spark repeats after it
 * has succeeded is counted again.
 */
public final class Tally implements Serializable {
  private static final long serialVersionUID = 1L;

  // What all tasks of this JVM did.
  private static final Counter ROWS = new Counter();
  private static final Counter FAILED_ROWS = new Counter();
  private static final Counter PROMPT_TOKENS = new Counter();
  private static final Counter CACHED_TOKENS = new Counter();
  private static final Counter NEW_TOKENS = new Counter();
  private static final Counter WAITING_NANOS = new Counter();

  private final LongAccumulator rows;
  private final LongAccumulator failedRows;
  private final LongAccumulator promptTokens;
  private final LongAccumulator cachedTokens;
  private final LongAccumulator newTokens;
  private final DoubleAccumulator waiting;

  Tally(SparkContext context) {
    rows = context.longAccumulator("PolyLM rows");
    failedRows = context.longAccumulator("PolyLM failed rows");
    promptTokens = context.longAccumulator("PolyLM prompt tokens");
    cachedTokens = context.longAccumulator("PolyLM cached tokens");
    newTokens = context.longAccumulator("PolyLM new tokens");
    waiting = context.doubleAccumulator("PolyLM seconds waiting");
  }

  /** Adds to a registry what all tasks of this JVM did since it started. */
  static void register(MetricRegistry registry) {
    registry.register("rows", ROWS);
    registry.register("rows.failed", FAILED_ROWS);
    registry.register("tokens.prompt", PROMPT_TOKENS);
    registry.register("tokens.cached", CACHED_TOKENS);
    registry.register("tokens.new", NEW_TOKENS);
    registry.register("seconds.waiting", (Gauge<Double>) () -> WAITING_NANOS.getCount() / 1e9);
  }

  /** Returns how many rows were read, those that failed included. */
  public long rows() {
    return rows.sum();
  }

  /** Returns how many rows failed. */
  public long failedRows() {
    return failedRows.sum();
  }

  /** Returns how many tokens the prompts had. */
  public long promptTokens() {
    return promptTokens.sum();
  }

  /** Returns how many of these the model did not read, because an earlier prompt began so. */
  public long cachedTokens() {
    return cachedTokens.sum();
  }

  /** Returns how many tokens the model generated. */
  public long newTokens() {
    return newTokens.sum();
  }

  /** Returns how many seconds the tasks waited for the model, all tasks together. */
  public double secondsWaiting() {
    return waiting.sum();
  }

  void addRow(boolean failed) {
    int failures = failed ? 1 : 0;
    rows.add(1);
    ROWS.inc();
    failedRows.add(failures); // Spark's UI shows a zero that was added
    FAILED_ROWS.inc(failures);
  }

  void addGeneration(GenerationResult result) {
    promptTokens.add(result.promptTokens());
    PROMPT_TOKENS.inc(result.promptTokens());
    cachedTokens.add(result.cachedTokens());
    CACHED_TOKENS.inc(result.cachedTokens());
    newTokens.add(result.newTokens());
    NEW_TOKENS.inc(result.newTokens());
  }

  void addWaiting(long nanos) {
    waiting.add(nanos / 1e9);
    WAITING_NANOS.inc(nanos);
  }
}

package dev.polylm.spark;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.polylm.EngineState;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.jspecify.annotations.Nullable;

/**
 * Reports the work and the load of each executor to Spark's metrics system, with {@code
 * spark.plugins=dev.polylm.spark.PolyLmPlugin}. Below {@code plugin.dev.polylm.spark.PolyLmPlugin}
 * are {@code rows}, {@code rows.failed}, {@code tokens.prompt}, {@code tokens.cached}, {@code
 * tokens.new} and {@code seconds.waiting}, which count since the executor started, and {@code
 * models}, {@code requests.running} and {@code requests.waiting}.
 */
public final class PolyLmPlugin implements SparkPlugin {
  @Override
  public @Nullable DriverPlugin driverPlugin() {
    return null; // the driver runs no model
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Meters();
  }

  private static final class Meters implements ExecutorPlugin {
    @Override
    public void init(PluginContext context, Map<String, String> extraConf) {
      MetricRegistry registry = context.metricRegistry();
      Tally.register(registry);
      registry.register("models", (Gauge<Integer>) () -> OpenModels.open().size());
      registry.register("requests.running", sum(EngineState::running));
      registry.register("requests.waiting", sum(EngineState::waiting));
    }

    private static Gauge<Integer> sum(ToIntFunction<EngineState> load) {
      return () ->
          OpenModels.open().stream().mapToInt(model -> load.applyAsInt(model.engineState())).sum();
    }
  }
}

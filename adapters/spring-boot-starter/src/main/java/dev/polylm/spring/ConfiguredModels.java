package dev.polylm.spring;

import dev.polylm.PolyLmException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * The models of the properties. They are closed with the application, after the web server: it
 * waits for the requests in flight as long as {@code spring.lifecycle.timeout-per-shutdown-phase}
 * says, then ends them. Thread-safe.
 */
final class ConfiguredModels implements SmartLifecycle, DisposableBean {
  private static final long PAUSE_NANOS = 10_000_000;

  private final Map<String, ConfiguredModel> models = new TreeMap<>();
  private volatile boolean running;

  ConfiguredModels(PolyLmProperties properties, List<PolyLmOptionsCustomizer> customizers) {
    properties
        .getModels()
        .forEach((name, model) -> models.put(name, new ConfiguredModel(name, model, customizers)));
    if (models.isEmpty() || properties.getModel().getPath() != null) {
      models.put("", new ConfiguredModel("", properties, customizers));
    }
  }

  /** Returns all models, the default model first. */
  List<ConfiguredModel> all() {
    return List.copyOf(models.values());
  }

  /** Returns the model without a name, or else the first by name. */
  ConfiguredModel defaultModel() {
    return all().get(0);
  }

  /**
   * Returns the model with a name.
   *
   * @throws PolyLmException if there is none
   */
  ConfiguredModel named(String name) {
    ConfiguredModel model = models.get(name);
    if (model == null) {
      throw new PolyLmException(
          "no model is called \"%s\"; expected one of %s".formatted(name, models.keySet()));
    }
    return model;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public void stop(Runnable callback) {
    Thread waiting =
        new Thread(
            () -> {
              awaitIdle();
              stop();
              callback.run();
            },
            "polylm-stopping");
    waiting.setDaemon(true);
    waiting.start();
  }

  /** Returns once no model is busy, or {@link #destroy} has closed them all. */
  private void awaitIdle() {
    while (models.values().stream().anyMatch(ConfiguredModel::isBusy)) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /**
   * Returns a phase that ends after the web server's, so that its requests can still be answered.
   */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE - 4096;
  }

  @Override
  public void destroy() {
    models.values().forEach(ConfiguredModel::close);
  }
}

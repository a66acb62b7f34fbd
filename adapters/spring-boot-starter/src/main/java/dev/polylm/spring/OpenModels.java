package dev.polylm.spring;

import dev.polylm.PolyLmException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * What has to be closed with the application, after its web server. The requests in flight are
 * answered first, but no longer than {@code spring.lifecycle.timeout-per-shutdown-phase}; then they
 * are ended. Thread-safe.
 */
final class OpenModels implements SmartLifecycle, DisposableBean {
  /**
   * A model.
   *
   * @param close waits for its calls in flight and closes it
   * @param closeNow ends its calls in flight and closes it
   */
  private record OpenModel(Runnable close, Runnable closeNow) {}

  private final List<OpenModel> models = new ArrayList<>(); // guarded by this
  private boolean ended; // guarded by this
  private volatile boolean running;

  /**
   * Adds a model.
   *
   * @throws PolyLmException if the application has ended; the model is closed then
   */
  void add(Runnable close, Runnable closeNow) {
    synchronized (this) {
      if (!ended) {
        models.add(new OpenModel(close, closeNow));
        return;
      }
    }
    closeNow.run();
    throw new PolyLmException("the model is closed: the application has ended");
  }

  private synchronized List<OpenModel> all() {
    return List.copyOf(models);
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    all().forEach(model -> model.close().run());
    running = false;
  }

  @Override
  public void stop(Runnable callback) {
    Thread closing =
        new Thread(
            () -> {
              stop();
              callback.run();
            },
            "polylm-closing");
    closing.setDaemon(true);
    closing.start();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Returns false, since a closed model can't be opened again. */
  @Override
  public boolean isPauseable() {
    return false;
  }

  /** Returns a phase that ends after the web server's. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE - 4096;
  }

  @Override
  public void destroy() {
    synchronized (this) {
      ended = true;
    }
    all().forEach(model -> model.closeNow().run());
  }
}

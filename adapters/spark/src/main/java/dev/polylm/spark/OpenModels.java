package dev.polylm.spark;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;

/**
 * The open models of this JVM, one for each path. Tasks share a model, whatever else they ask for:
 * the first task decides how many rows it has. A model stays open for a while after its last task,
 * because a job has many short tasks.
 *
 * <p>Thread-safe.
 */
final class OpenModels {
  /** How long a model stays open without a task, such as {@code 60s}. */
  static final String KEEP_OPEN = "spark.polylm.keepOpen";

  private static final Map<String, Shared> MODELS = new HashMap<>(); // guarded by itself

  private OpenModels() {}

  /** A task's use of a model. Close it at the task's end. */
  static final class Lease implements AutoCloseable {
    private final Shared shared;
    private boolean closed;

    private Lease(Shared shared) {
      this.shared = shared;
    }

    /** Returns the model. The task must not close it. */
    PolyLm model() {
      return shared.model();
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        shared.release();
      }
    }
  }

  /**
   * Returns a model, which is opened if no other task did. Other tasks that need it wait.
   *
   * @param resources what Spark gave to the task, by name
   * @throws PolyLmException if the model can't be opened
   */
  static Lease lease(ModelSource source, Map<String, ResourceInformation> resources) {
    Shared shared;
    synchronized (MODELS) {
      shared = MODELS.computeIfAbsent(key(source), Shared::new);
      shared.users++;
    }
    try {
      shared.open(source, resources);
    } catch (RuntimeException | Error e) {
      shared.release();
      throw e;
    }
    return new Lease(shared);
  }

  private static String key(ModelSource source) {
    return source.path() == null ? "" : source.path();
  }

  /** Returns the models that are open now. */
  static List<PolyLm> open() {
    synchronized (MODELS) {
      return MODELS.values().stream()
          .map(shared -> shared.model)
          .filter(model -> model != null)
          .toList();
    }
  }

  private static Duration keepOpen() {
    SparkEnv env = SparkEnv.get();
    long seconds = env == null ? 0 : env.conf().getTimeAsSeconds(KEEP_OPEN, "60s");
    return Duration.ofSeconds(seconds);
  }

  private static final class Shared {
    private final String key;
    private volatile @Nullable PolyLm model;
    private int users; // guarded by MODELS
    private int uses; // the number of leases that have ended; guarded by MODELS

    Shared(String key) {
      this.key = key;
    }

    PolyLm model() {
      PolyLm open = model;
      if (open == null) {
        throw new IllegalStateException("the model is not open");
      }
      return open;
    }

    synchronized void open(ModelSource source, Map<String, ResourceInformation> resources) {
      if (model == null) {
        model = source.open(resources);
      }
    }

    void release() {
      int ended;
      synchronized (MODELS) {
        users--;
        ended = ++uses;
        if (users > 0) {
          return;
        }
      }
      Duration wait = keepOpen();
      Executor later = CompletableFuture.delayedExecutor(wait.toSeconds(), TimeUnit.SECONDS);
      (wait.isZero() || model == null ? (Executor) Runnable::run : later)
          .execute(() -> closeUnlessUsedSince(ended));
    }

    private void closeUnlessUsedSince(int ended) {
      PolyLm unused;
      synchronized (MODELS) {
        if (users > 0 || uses != ended) {
          return;
        }
        MODELS.remove(key);
        unused = model;
      }
      if (unused != null) {
        unused.close();
      }
    }
  }
}

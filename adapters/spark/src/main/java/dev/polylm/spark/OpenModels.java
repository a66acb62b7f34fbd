package dev.polylm.spark;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.apache.spark.util.TaskCompletionListener;
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

  private static final Map<Optional<Path>, Shared> MODELS = new HashMap<>(); // guarded by itself

  /** What tasks use until they end. */
  private static final Map<TaskContext, Map<ModelSource, Lease>> OF_TASKS =
      new ConcurrentHashMap<>();

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
    Duration unused = keepOpen(); // refuses a wrong setting before anything is open
    Optional<Path> folder = source.folder();
    Shared shared;
    synchronized (MODELS) {
      shared = MODELS.computeIfAbsent(folder.map(Path::toAbsolutePath), Shared::new);
      shared.users++;
    }
    try {
      shared.open(source, folder, resources);
    } catch (RuntimeException | Error e) {
      shared.release();
      throw e;
    }
    return new Lease(shared);
  }

  /**
   * Returns a model for a task that uses it again and again. It is the task's until the task ends.
   *
   * @throws PolyLmException if the model can't be opened
   */
  static PolyLm ofTask(ModelSource source, TaskContext task) {
    Lease known = OF_TASKS.getOrDefault(task, Map.of()).get(source);
    if (known != null) {
      return known.model();
    }
    Lease lease = lease(source, task.resourcesJMap());
    OF_TASKS.computeIfAbsent(task, t -> new ConcurrentHashMap<>()).put(source, lease);
    task.addTaskCompletionListener(
        (TaskCompletionListener)
            ended -> {
              OF_TASKS.remove(task);
              lease.close();
            });
    return lease.model();
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
    if (env == null) {
      return Duration.ZERO;
    }
    try {
      return Duration.ofSeconds(env.conf().getTimeAsSeconds(KEEP_OPEN, "60s"));
    } catch (IllegalArgumentException e) {
      throw new PolyLmException(
          "%s is \"%s\", expected a time such as 60s"
              .formatted(KEEP_OPEN, env.conf().get(KEEP_OPEN)),
          e);
    }
  }

  private static final class Shared {
    private final Optional<Path> key;
    private volatile @Nullable PolyLm model;
    private int users; // guarded by MODELS
    private int uses; // the number of leases that have ended; guarded by MODELS

    Shared(Optional<Path> key) {
      this.key = key;
    }

    PolyLm model() {
      PolyLm open = model;
      if (open == null) {
        throw new IllegalStateException("the model is not open");
      }
      return open;
    }

    synchronized void open(
        ModelSource source, Optional<Path> folder, Map<String, ResourceInformation> resources) {
      if (model == null) {
        model = source.open(folder, resources);
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

    /**
     * A task that comes meanwhile waits: two models at a time may be more than the memory holds.
     */
    private synchronized void closeUnlessUsedSince(int ended) {
      PolyLm unused;
      synchronized (MODELS) {
        if (users > 0 || uses != ended) {
          return;
        }
        unused = model;
        model = null;
      }
      if (unused != null) {
        unused.close();
      }
      synchronized (MODELS) {
        if (users == 0) {
          MODELS.remove(key);
        }
      }
    }
  }
}

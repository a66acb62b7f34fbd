package dev.polylm.langchain4j;

import dev.langchain4j.exception.ModelNotFoundException;
import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The models that can answer, by name. The first request for a model opens it.
 *
 * <p>Thread-safe. If nobody closes them, nothing leaks: their memory is freed once nobody refers to
 * them any more.
 */
final class LazyModels implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final OpenModels models;
  private final Cleaner.Cleanable cleanable;
  private final String defaultName;

  private LazyModels(OpenModels models, String defaultName) {
    this.models = models;
    this.cleanable = CLEANER.register(this, () -> models.close(PolyLm::close));
    this.defaultName = defaultName;
  }

  /**
   * Opens the model that answers requests that name none.
   *
   * @param name its name, or null for the only one
   * @throws ModelNotFoundException if no model has that name
   * @throws IllegalArgumentException if no name is given and there are several models
   */
  static LazyModels open(ModelSource source, @Nullable String name) {
    if (name == null && source.openers().size() > 1) {
      throw new IllegalArgumentException(
          "modelName is not set, must be one of %s"
              .formatted(String.join(", ", source.manifests().keySet())));
    }
    String defaultName = name == null ? source.manifests().firstKey() : name;
    LazyModels models = new LazyModels(new OpenModels(source), defaultName);
    models.models.get(defaultName);
    return models;
  }

  /** Returns the name of the model that answers requests that name none. */
  String defaultName() {
    return defaultName;
  }

  /** Returns the parameters with the name of the model that answers, even if they name none. */
  PolyLmChatRequestParameters named(PolyLmChatRequestParameters parameters) {
    return PolyLmChatRequestParameters.builder()
        .overrideWith(parameters)
        .modelName(defaultName)
        .build();
  }

  /**
   * Asks a model.
   *
   * @param name its name, or null for the one that answers if a request names none
   * @throws ModelNotFoundException if no model has that name
   * @throws PolyLmException if the models are closed
   */
  <T> T ask(@Nullable String name, Function<PolyLm, T> question) {
    try {
      return question.apply(models.get(name == null ? defaultName : name));
    } finally {
      Reference.reachabilityFence(this); // or the cleaner could free it while it answers
    }
  }

  /** Waits for the calls in flight, then frees what was opened. A second call does nothing. */
  @Override
  public void close() {
    cleanable.clean();
  }

  /** Closes like {@link #close()}, but ends the calls in flight at once. */
  void closeNow() {
    models.close(PolyLm::closeNow);
    close();
  }

  /** The part that the cleaner closes; it must not refer to the models that it watches. */
  private static final class OpenModels {
    private final ModelSource source;
    private final Map<String, PolyLm> opened = new ConcurrentHashMap<>();
    private final List<Adapter> adapters = new ArrayList<>(); // loaded here, guarded by this
    private boolean closed; // guarded by this

    OpenModels(ModelSource source) {
      this.source = source;
    }

    PolyLm get(String name) {
      PolyLm polyLm = opened.get(name);
      return polyLm == null ? open(name) : polyLm;
    }

    private synchronized PolyLm open(String name) {
      if (closed) {
        throw new PolyLmException("the model is closed");
      }
      PolyLm polyLm = opened.get(name);
      if (polyLm == null) {
        Supplier<PolyLm> opener = source.openers().get(name);
        polyLm = opener == null ? withAdapter(name) : opener.get();
        opened.put(name, polyLm);
      }
      return polyLm;
    }

    @SuppressWarnings("MustBeClosedChecker") // close() closes what is opened here
    private synchronized PolyLm withAdapter(String name) {
      for (String model : source.openers().keySet()) {
        if (name.startsWith(model + ":")) {
          String adapter = name.substring(model.length() + 1);
          if (source.adapters().names().contains(adapter)) {
            PolyLm polyLm = get(model);
            return polyLm.withAdapter(source.adapters().get(adapter, polyLm, adapters::add));
          }
        }
      }
      throw new ModelNotFoundException(
          "model \"%s\" is unknown, expected one of %s"
              .formatted(name, String.join(", ", source.byName().keySet())));
    }

    void close(Consumer<PolyLm> how) {
      List<PolyLm> last;
      List<Adapter> loaded;
      synchronized (this) {
        closed = true;
        last = List.copyOf(opened.values());
        opened.clear();
        loaded = List.copyOf(adapters);
        adapters.clear();
      }
      last.forEach(how);
      loaded.forEach(Adapter::close); // a shared model may live on
    }
  }
}

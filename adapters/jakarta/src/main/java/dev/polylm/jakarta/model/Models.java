package dev.polylm.jakarta.model;

import dev.polylm.Adapter;
import dev.polylm.PolyLmException;
import dev.polylm.jakarta.config.PolyLmSettings;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of the configuration. They are opened one after the other, beginning when the
 * application starts and while it starts up, and closed when it ends. Thread-safe.
 */
@ApplicationScoped
public class Models {
  private static final Logger LOG = LoggerFactory.getLogger(Models.class);

  @Inject private PolyLmSettings settings;

  private final LoadedAdapters loaded = new LoadedAdapters();
  private volatile @Nullable List<ServedModel> models;
  private @Nullable Thread loading; // guarded by this

  void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
    all();
  }

  /**
   * Returns the models of the configuration: at least one, the default model first, those with
   * adapters last.
   */
  public List<ServedModel> all() {
    List<ServedModel> started = models;
    return started != null ? started : load();
  }

  /** Returns the models of the configuration, then those with adapters that clients have loaded. */
  public List<ServedModel> served() {
    return Stream.concat(all().stream(), loaded.all().stream()).toList();
  }

  /**
   * Loads an adapter that a client names.
   *
   * @param replace whether it may take the place of an adapter with its name that a client loaded
   * @throws LoadException if it can't be loaded
   */
  public void load(ServedModel base, String name, Path file, boolean replace) {
    if (isConfigured(base, name)) {
      throw LoadException.alreadyLoaded();
    }
    ServedModel model = base.withLoaded(name, file);
    loaded.load(model, replace);
    LOG.info("The model {} is open", model.id());
  }

  /** Returns whether the configuration has an adapter of a model. */
  public boolean isConfigured(ServedModel base, String adapter) {
    return all().stream().anyMatch(model -> model.isWith(base, adapter));
  }

  /**
   * Unloads an adapter that a client loaded. Requests that use it go on.
   *
   * @return whether there was one
   */
  public boolean unload(ServedModel base, String name) {
    boolean found = loaded.unload(base, name);
    if (found) {
      LOG.info("The adapter {} of the model {} is unloaded", name, base.id());
    }
    return found;
  }

  private synchronized List<ServedModel> load() {
    List<ServedModel> started = models;
    if (started == null) {
      List<ServedModel> all = new ArrayList<>();
      settings.models().forEach(model -> all.add(new ServedModel(model)));
      List.copyOf(all).forEach(model -> all.addAll(model.withAdapters()));
      started = List.copyOf(all);
      models = started;
      List<ServedModel> wanted = started;
      loading = new Thread(() -> wanted.forEach(Models::open), "polylm-loading");
      loading.setDaemon(true);
      loading.start();
    }
    return started;
  }

  private static void open(ServedModel model) {
    model.open();
    model
        .failure()
        .ifPresentOrElse(
            failure -> LOG.error("A model can't be opened: {}", failure),
            () -> LOG.info("The model {} is open", model.id()));
  }

  /**
   * Returns the model with a name of the configuration.
   *
   * @param name empty for the model without a name
   * @throws PolyLmException if there is none
   */
  public ServedModel named(String name) {
    return all().stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new PolyLmException(
                    "no model is called \"%s\"; polylm.%s.model.path is not set"
                        .formatted(name, name)));
  }

  /**
   * Waits for the adapters that the configuration has for a model, and returns them by name.
   *
   * @throws PolyLmException if one can't be loaded, or the model can't be opened
   */
  public Map<String, Adapter> adaptersOf(ServedModel base) {
    Map<String, Adapter> adapters = new TreeMap<>();
    for (ServedModel model : all()) {
      if (base.equals(model.base().orElse(null))) {
        adapters.put(model.adapterName(), model.awaitAdapter());
      }
    }
    return adapters;
  }

  /** Waits for models that are being opened and for the calls in flight, then frees everything. */
  @PreDestroy
  void close() {
    Thread thread;
    synchronized (this) {
      thread = loading;
    }
    if (thread != null) {
      join(thread);
      loaded.close();
      all().forEach(ServedModel::close);
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

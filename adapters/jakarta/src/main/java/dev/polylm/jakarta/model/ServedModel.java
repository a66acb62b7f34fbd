package dev.polylm.jakarta.model;

import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.jakarta.config.ModelSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A model of the configuration, or such a model with one of its adapters. It may still be opening.
 * Thread-safe.
 */
public final class ServedModel {
  private final ModelSettings settings;
  private final @Nullable ServedModel base; // null for a model without an adapter
  private final String adapter; // its name, empty without one
  private final boolean loadedByClient;
  private final CompletableFuture<PolyLm> opened = new CompletableFuture<>();
  private volatile Instant openedAt = Instant.EPOCH;
  private volatile boolean closed;
  private final @Nullable Path file; // the adapter's
  private volatile @Nullable Adapter loaded;
  private int uses; // guarded by this, as the next one
  private boolean unloaded;

  ServedModel(ModelSettings settings) {
    this(settings, null, "", null, false);
  }

  private ServedModel(
      ModelSettings settings,
      @Nullable ServedModel base,
      String adapter,
      @Nullable Path file,
      boolean loadedByClient) {
    this.settings = settings;
    this.base = base;
    this.adapter = adapter;
    this.file = file;
    this.loadedByClient = loadedByClient;
  }

  /** Returns this model with each adapter of its configuration. */
  List<ServedModel> withAdapters() {
    return settings.adapters().entrySet().stream()
        .map(entry -> new ServedModel(settings, this, entry.getKey(), entry.getValue(), false))
        .toList();
  }

  /** Returns this model with an adapter that a client loads. */
  ServedModel withLoaded(String name, Path adapterFile) {
    return new ServedModel(settings, this, name, adapterFile, true);
  }

  /** Keeps a model open while a request needs it. */
  public interface Use extends AutoCloseable {
    @Override
    void close();
  }

  /** Returns a use that the caller closes; none if the model's adapter has been unloaded. */
  public synchronized Optional<Use> use() {
    if (unloaded) {
      return Optional.empty();
    }
    uses++;
    return Optional.of(this::endUse);
  }

  private void endUse() {
    synchronized (this) {
      uses--;
      if (!unloaded || uses > 0) {
        return;
      }
    }
    freeAdapter();
  }

  /** Refuses further uses. Those that have begun go on, and the last one frees the adapter. */
  void unload() {
    synchronized (this) {
      unloaded = true;
      if (uses > 0) {
        return;
      }
    }
    freeAdapter();
  }

  private void freeAdapter() {
    ifOpen().ifPresent(PolyLm::close);
    if (loaded != null) {
      loaded.close();
    }
  }

  /** Returns its name in the configuration, empty for the model without a name. */
  public String name() {
    return base == null ? settings.name() : settings.name() + ":" + adapter;
  }

  /** Opens it. If that fails, {@link #await} throws the error. */
  void open() {
    try {
      opened.complete(opened());
    } catch (RuntimeException | LinkageError e) {
      opened.completeExceptionally(e);
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // closed by close
  private PolyLm opened() {
    if (base != null) {
      PolyLm without = base.await();
      Adapter adapterOfFile = without.loadAdapter(Objects.requireNonNull(file));
      loaded = adapterOfFile;
      PolyLm with = without.withAdapter(adapterOfFile);
      openedAt = Instant.now();
      return with;
    }
    PolyLm polyLm =
        settings.path().isPresent()
            ? PolyLm.open(settings.path().get(), settings.options())
            : PolyLm.openEmbedded(settings.options());
    try {
      settings.generation().over(polyLm.generationDefaults());
    } catch (PolyLmException e) {
      polyLm.close();
      throw e;
    }
    openedAt = Instant.now();
    return polyLm;
  }

  /**
   * Waits until it is open.
   *
   * @throws PolyLmException if it can't be opened, or was closed before
   */
  public PolyLm await() {
    try {
      return opened.join();
    } catch (CompletionException e) {
      throw new PolyLmException(
          "the model %s can't be used: %s".formatted(title(), failure().orElse("")), e);
    }
  }

  /** Waits until a model with an adapter is open, and returns the adapter; see {@link #await}. */
  Adapter awaitAdapter() {
    var unused = await();
    return Objects.requireNonNull(loaded);
  }

  /** Returns the name of its adapter, empty without one. */
  String adapterName() {
    return adapter;
  }

  /** Returns the model, unless it is still opening or can't be opened. */
  public Optional<PolyLm> ifOpen() {
    return opened.isDone() && !opened.isCompletedExceptionally()
        ? Optional.of(opened.join())
        : Optional.empty();
  }

  /** Returns whether its engine's queue is full. */
  public boolean isQueueFull() {
    return ifOpen()
        .filter(polyLm -> polyLm.engineState().waiting() >= settings.options().queueCapacity())
        .isPresent();
  }

  /** Returns why it can't be used; none while it is opening or if it is open. */
  public Optional<String> failure() {
    return opened.isCompletedExceptionally()
        ? Optional.of(String.valueOf(opened.handle((model, e) -> e.getMessage()).join()))
        : Optional.empty();
  }

  /** Returns its name for clients. If the manifest decides the name, the model must be open. */
  public String id() {
    if (base != null) {
      return base.id() + ":" + adapter;
    }
    return settings
        .servedName()
        .or(() -> Optional.of(settings.name()).filter(name -> !name.isEmpty()))
        .orElseGet(() -> await().manifest().name());
  }

  /** Returns the model without its adapter; none if it has none. */
  public Optional<ServedModel> base() {
    return Optional.ofNullable(base);
  }

  /** Returns whether it is a model with an adapter that has this name. */
  public boolean isWith(ServedModel model, String name) {
    return model.equals(base) && adapter.equals(name);
  }

  /**
   * Returns its name in meters. Clients choose the names of the adapters that they load, so meters
   * have none of them.
   */
  public String meterId() {
    return loadedByClient && base != null ? base.id() : id();
  }

  /** Returns the settings for what a request leaves open. */
  public GenerationConfig defaults() {
    return settings.generation();
  }

  private String title() {
    return settings.servedName().orElse(name().isEmpty() ? "without a name" : name());
  }

  /** Returns when it was opened; the epoch if it is not open yet. */
  public Instant openedAt() {
    return openedAt;
  }

  /** Returns whether the application is ending. */
  public boolean isClosed() {
    return closed;
  }

  /** Ends the calls in flight and frees the model. */
  void close() {
    closed = true;
    opened.completeExceptionally(new PolyLmException("the application has ended"));
    ifOpen().ifPresent(PolyLm::closeNow);
  }
}

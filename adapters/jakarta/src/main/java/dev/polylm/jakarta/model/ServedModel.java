package dev.polylm.jakarta.model;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.jakarta.config.ModelSettings;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A model of the configuration, which may still be opening. Thread-safe. */
public final class ServedModel {
  private final ModelSettings settings;
  private final CompletableFuture<PolyLm> opened = new CompletableFuture<>();
  private volatile Instant openedAt = Instant.EPOCH;
  private volatile boolean closed;

  ServedModel(ModelSettings settings) {
    this.settings = settings;
  }

  /** What the configuration calls it, empty for the one without a name. */
  public String name() {
    return settings.name();
  }

  /** Opens it; what goes wrong is thrown by {@link #await}. */
  void open() {
    try {
      opened.complete(opened());
    } catch (RuntimeException | LinkageError e) {
      opened.completeExceptionally(e);
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // closed by close
  private PolyLm opened() {
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

  /** The model, unless it is still opening or can't be opened. */
  public Optional<PolyLm> ifOpen() {
    return opened.isDone() && !opened.isCompletedExceptionally()
        ? Optional.of(opened.join())
        : Optional.empty();
  }

  /** Whether as many requests wait in its engine as may. */
  public boolean isQueueFull() {
    return ifOpen()
        .filter(polyLm -> polyLm.engineState().waiting() >= settings.options().queueCapacity())
        .isPresent();
  }

  /** Why it can't be used, none while it is opening or where it is open. */
  public Optional<String> failure() {
    return opened.isCompletedExceptionally()
        ? Optional.of(String.valueOf(opened.handle((model, e) -> e.getMessage()).join()))
        : Optional.empty();
  }

  /** What clients call it. Where that is the manifest's to say, the model must be open. */
  public String id() {
    return settings
        .servedName()
        .or(() -> Optional.of(settings.name()).filter(name -> !name.isEmpty()))
        .orElseGet(() -> await().manifest().name());
  }

  /** Settings for what a request leaves open. */
  public GenerationConfig defaults() {
    return settings.generation();
  }

  private String title() {
    return settings.name().isEmpty() ? "without a name" : settings.name();
  }

  /** When it was opened; the epoch as long as it is not. */
  public Instant openedAt() {
    return openedAt;
  }

  /** Whether the application is ending. */
  public boolean isClosed() {
    return closed;
  }

  /** Ends the calls in flight and frees it. */
  void close() {
    closed = true;
    opened.completeExceptionally(new PolyLmException("the application has ended"));
    ifOpen().ifPresent(PolyLm::closeNow);
  }
}

package dev.polylm.quarkus;

import dev.polylm.Adapter;
import dev.polylm.InvalidSettingException;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import io.quarkus.runtime.configuration.MemorySize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A model of the configuration. The first call for it opens it. Thread-safe. */
final class ConfiguredModel {
  private final String prefix;
  private final Optional<String> path;
  private final PolyLmOptions options;
  private final GenerationConfig generation;
  private final Map<String, String> files; // of its adapters
  private final List<Runnable> closings = new ArrayList<>(); // guarded by this, as the next two
  private final Map<String, Adapter> adapters = new TreeMap<>();
  private final Map<String, PolyLm> withAdapters = new TreeMap<>();
  private volatile @Nullable String failure;
  private volatile @Nullable PolyLm polyLm;

  /**
   * @param name empty for the model without a name
   * @param prefix of its keys
   * @throws PolyLmException if a value is out of range
   */
  ConfiguredModel(String name, String prefix, ModelConfig config) {
    this.prefix = prefix;
    this.path = config.model().path();
    this.files = Map.copyOf(config.adapters());
    this.generation =
        named(
            prefix + "generation.", () -> GenerationConfig.defaultsFromTexts(config.generation()));
    this.options = named(prefix, () -> options(name, config, generation));
  }

  /** Names a setting that the SDK refuses as the configuration does. */
  private static <T> T named(String keys, Supplier<T> settings) {
    try {
      return settings.get();
    } catch (InvalidSettingException e) {
      String key =
          switch (e.setting()) {
            case "queueCapacity" -> "queue";
            case "generationDefaults" -> "generation.*";
            default -> e.property();
          };
      throw new PolyLmException("%s%s %s".formatted(keys, key, e.fault()), e);
    }
  }

  private static PolyLmOptions options(
      String name, ModelConfig config, GenerationConfig generation) {
    PolyLmOptions.Builder options =
        PolyLmOptions.builder()
            .device(config.device())
            .gpuMemoryLimit(bytes(config.gpuMemoryLimit()))
            .providerOptions(config.providerOptions())
            .threads(config.threads())
            .maxRows(config.maxRows())
            .queueCapacity(config.queue())
            .keyValueBytes(bytes(config.keyValueBytes()))
            .promptChunk(config.promptChunk())
            .prefixReuse(config.prefixReuse())
            .verify(config.verify())
            .draft(config.draft().map(Path::of).orElse(null))
            .generationDefaults(generation);
    config.adapterBytes().ifPresent(size -> options.adapterBytes(bytes(size)));
    return name.isEmpty() ? options.build() : options.name(name).build();
  }

  /** More than a long takes is more than any memory has. */
  private static long bytes(MemorySize size) {
    return size.asBigInteger().bitLength() < Long.SIZE
        ? size.asBigInteger().longValue()
        : Long.MAX_VALUE;
  }

  PolyLmOptions options() {
    return options;
  }

  GenerationConfig generation() {
    return generation;
  }

  /**
   * Returns the model.
   *
   * @throws PolyLmException if it can't be opened
   */
  PolyLm polyLm() {
    PolyLm open = polyLm;
    return open != null ? open : openOnce();
  }

  private synchronized PolyLm openOnce() {
    PolyLm open = polyLm;
    if (open == null) {
      try {
        open = named(prefix, this::open);
        closings.add(open::closeNow);
        failure = null;
        polyLm = open;
      } catch (PolyLmException e) {
        failure = e.getMessage();
        throw e;
      }
    }
    return open;
  }

  @SuppressWarnings("MustBeClosedChecker") // closed by close
  private PolyLm open() {
    try {
      return path.isPresent()
          ? PolyLm.open(Path.of(path.get()), options)
          : PolyLm.openEmbedded(options);
    } catch (InvalidSettingException e) {
      throw e;
    } catch (PolyLmException e) {
      throw new PolyLmException(
          "the model of %smodel.path can't be opened: %s".formatted(prefix, e.getMessage()), e);
    }
  }

  /**
   * Returns the model with one of its adapters. The first call loads the adapter.
   *
   * @throws PolyLmException if it has no such adapter, or either can't be opened
   */
  @SuppressWarnings("MustBeClosedChecker") // closed by close
  synchronized PolyLm withAdapter(String name) {
    PolyLm open = withAdapters.get(name);
    if (open == null) {
      Adapter adapter = adapter(name);
      open = polyLm().withAdapter(adapter);
      closings.add(open::closeNow);
      withAdapters.put(name, open);
    }
    return open;
  }

  private synchronized Adapter adapter(String name) {
    Adapter adapter = adapters.get(name);
    if (adapter == null) {
      adapter = load(name);
      adapters.put(name, adapter);
    }
    return adapter;
  }

  private Adapter load(String name) {
    String file = files.get(name);
    if (file == null) {
      throw new PolyLmException(
          "no adapter is called \"%1$s\"; %2$sadapters.%1$s is not set".formatted(name, prefix));
    }
    PolyLm open = polyLm();
    try {
      return open.loadAdapter(Path.of(file));
    } catch (PolyLmException e) {
      throw new PolyLmException(
          "the adapter of %sadapters.%s can't be loaded: %s"
              .formatted(prefix, name, e.getMessage()),
          e);
    }
  }

  /**
   * Returns all of its adapters by name, and loads those that are not loaded yet.
   *
   * @throws PolyLmException if the model can't be opened, or an adapter can't be loaded
   */
  synchronized Map<String, Adapter> adapters() {
    files.keySet().forEach(this::adapter);
    return Map.copyOf(adapters);
  }

  /** Returns the adapters that a model can use: all of them if it is this one, or else none. */
  Map<String, Adapter> adaptersOf(PolyLm other) {
    return ifOpen().filter(open -> open == other).isPresent() ? adapters() : Map.of();
  }

  /** Opens the model and loads all of its adapters. */
  void openAll() {
    polyLm();
    files.keySet().forEach(this::withAdapter);
  }

  Optional<PolyLm> ifOpen() {
    return Optional.ofNullable(polyLm);
  }

  /** Returns why the last try to open it failed. */
  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /** Returns whether its engine's queue is full. */
  boolean isQueueFull() {
    return ifOpen()
        .filter(open -> open.engineState().waiting() >= options.queueCapacity())
        .isPresent();
  }

  /** Ends the calls in flight and frees the model. */
  synchronized void close() {
    closings.forEach(Runnable::run);
    closings.clear();
  }
}

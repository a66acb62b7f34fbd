package dev.polylm.spring;

import dev.polylm.Adapter;
import dev.polylm.InvalidSettingException;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A model of the properties, with its adapters. The first call for it opens it. Thread-safe. */
final class ConfiguredModel {
  private final String name;
  private final String prefix;
  private final @Nullable Path path;
  private final Map<String, Path> adapters = new TreeMap<>();
  private final ConfiguredOptions configured;
  private final PolyLmOptions options;
  private final GenerationConfig generation;
  private final OpenModels openModels;

  private volatile @Nullable Opened opened;
  private volatile @Nullable String failure;

  /** An open model. */
  private record Opened(PolyLm polyLm, Map<String, Adapter> adapters) {}

  /**
   * @param name empty for the model without a name
   * @throws ModelNotOpenException if a property is out of range
   */
  ConfiguredModel(
      String name,
      ModelProperties properties,
      List<PolyLmOptionsCustomizer> customizers,
      OpenModels openModels) {
    this.name = name;
    this.openModels = openModels;
    this.prefix = PropertyKeys.prefix(name);
    String text = properties.getModel().getPath();
    this.path = text == null ? null : ConfiguredPath.of(prefix + "model.path", text);
    properties
        .getAdapters()
        .forEach((key, file) -> adapters.put(key, ConfiguredPath.of(adapter(key), file)));
    this.configured = new ConfiguredOptions(name);
    this.generation = configured.generation(properties);
    this.options = configured.options(properties, generation, customizers);
  }

  private String adapter(String key) {
    return prefix + "adapters." + key;
  }

  /** Returns its name, empty for the model without a name. */
  String name() {
    return name;
  }

  /** Returns the settings for what a request leaves open. */
  GenerationConfig generation() {
    return generation;
  }

  /**
   * Returns the model.
   *
   * @throws PolyLmException if it can't be opened, or the application has ended
   */
  PolyLm polyLm() {
    return opened().polyLm();
  }

  /**
   * Returns its adapters by name.
   *
   * @throws PolyLmException as {@link #polyLm}
   */
  Map<String, Adapter> adapters() {
    return opened().adapters();
  }

  private Opened opened() {
    Opened open = opened;
    return open != null ? open : openOnce();
  }

  private synchronized Opened openOnce() {
    Opened open = opened;
    if (open == null) {
      try {
        open = open();
        openModels.add(open.polyLm()::close, open.polyLm()::closeNow);
        failure = null;
        opened = open;
      } catch (PolyLmException e) {
        failure = e.getMessage();
        throw e;
      }
    }
    return open;
  }

  @SuppressWarnings("MustBeClosedChecker") // OpenModels closes it
  private Opened open() {
    PolyLm open = openModel();
    try {
      Map<String, Adapter> loaded = new TreeMap<>();
      adapters.forEach((key, file) -> loaded.put(key, load(open, key, file)));
      return new Opened(open, Map.copyOf(loaded));
    } catch (PolyLmException e) {
      open.close();
      throw e;
    }
  }

  private Adapter load(PolyLm open, String key, Path file) {
    try {
      return open.loadAdapter(file);
    } catch (PolyLmException e) {
      throw new ModelNotOpenException(
          "%s can't be used: %s".formatted(adapter(key), e.getMessage()),
          "Set %s to a file that 'polylm adapter' wrote for this model.".formatted(adapter(key)),
          e);
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // OpenModels closes it
  private PolyLm openModel() {
    try {
      return path == null ? PolyLm.openEmbedded(options) : PolyLm.open(path, options);
    } catch (InvalidSettingException e) {
      throw configured.refused(e);
    } catch (PolyLmException e) {
      throw new ModelNotOpenException(
          "The model of %smodel.path can't be opened: %s".formatted(prefix, e.getMessage()),
          action(),
          e);
    }
  }

  private String action() {
    String set = "Set %smodel.path to a folder that 'polylm export' wrote".formatted(prefix);
    String add = ", or add a model to the class path, such as the artifact polylm-tiny";
    String change = ", or change %sdevice".formatted(prefix);
    boolean onCpu = options.device().equals(PolyLmOptions.defaults().device());
    return set + (path == null ? add : "") + (onCpu ? "" : change) + ".";
  }

  /** Returns the model, unless it is not open. */
  Optional<PolyLm> ifOpen() {
    return Optional.ofNullable(opened).map(Opened::polyLm);
  }

  /** Returns why the last try to open it failed; empty if it did not. */
  Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /** Returns whether its engine's queue is full. */
  boolean isQueueFull() {
    return ifOpen()
        .filter(open -> open.engineState().waiting() >= options.queueCapacity())
        .isPresent();
  }
}

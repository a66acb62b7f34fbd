package dev.polylm.spring;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model of the properties. The first call for it opens it. Thread-safe. */
final class ConfiguredModel {
  private final String name;
  private final String prefix;
  private final @Nullable String path;
  private final PolyLmOptions options;
  private final GenerationConfig generation;
  private final OpenModels openModels;

  private volatile @Nullable PolyLm polyLm;
  private volatile boolean failed;

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
    this.prefix = name.isEmpty() ? "polylm." : "polylm.models." + name + ".";
    this.path = properties.getModel().getPath();
    try {
      this.options = options(properties, customizers);
      this.generation = GenerationTexts.read(properties.getGeneration());
    } catch (PolyLmException e) {
      throw new ModelNotOpenException(
          "%s*: %s".formatted(prefix, e.getMessage()), "Change this property.", e);
    }
  }

  private PolyLmOptions options(
      ModelProperties properties, List<PolyLmOptionsCustomizer> customizers) {
    PolyLmOptions.Builder builder =
        PolyLmOptions.builder()
            .device(properties.getDevice())
            .gpuMemoryLimit(properties.getGpuMemoryLimit().toBytes())
            .providerOptions(properties.getProviderOptions())
            .threads(properties.getThreads())
            .maxRows(properties.getMaxRows())
            .queueCapacity(properties.getQueue())
            .keyValueBytes(properties.getKeyValueBytes().toBytes())
            .promptChunk(properties.getPromptChunk())
            .prefixReuse(properties.isPrefixReuse())
            .verify(properties.getVerify())
            .draft(properties.getDraft() == null ? null : Path.of(properties.getDraft()));
    customizers.forEach(customizer -> customizer.customize(name, builder));
    return builder.build();
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
    PolyLm open = polyLm;
    return open != null ? open : openOnce();
  }

  private synchronized PolyLm openOnce() {
    PolyLm open = polyLm;
    if (open == null) {
      try {
        open = open();
        openModels.add(open::close, open::closeNow);
        failed = false;
        polyLm = open;
      } catch (PolyLmException e) {
        failed = true;
        throw e;
      }
    }
    return open;
  }

  @SuppressWarnings("MustBeClosedChecker") // OpenModels closes it
  private PolyLm open() {
    try {
      PolyLm open =
          path == null ? PolyLm.openEmbedded(options) : PolyLm.open(Path.of(path), options);
      try {
        generation.over(open.generationDefaults());
        return open;
      } catch (PolyLmException e) {
        open.close();
        throw e;
      }
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
    return Optional.ofNullable(polyLm);
  }

  /** Returns whether the last try to open it failed. */
  boolean isFailed() {
    return failed;
  }

  /** Returns whether its engine's queue is full. */
  boolean isQueueFull() {
    return ifOpen()
        .filter(open -> open.engineState().waiting() >= options.queueCapacity())
        .isPresent();
  }
}

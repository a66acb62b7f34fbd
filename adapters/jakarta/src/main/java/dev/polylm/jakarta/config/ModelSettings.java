package dev.polylm.jakarta.config;

import dev.polylm.InvalidSettingException;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationSetting;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A model to open. Immutable.
 *
 * @param name its name in the configuration, empty for the model without a name
 * @param path its folder; none: the model on the class path
 * @param servedName its name for clients; none: its name here, or else the manifest's
 * @param adapters the files of its adapters by name; clients ask for MODEL:NAME
 * @param options how it runs, and what it may use
 * @param generation the settings for what a request leaves open
 */
public record ModelSettings(
    String name,
    Optional<Path> path,
    Optional<String> servedName,
    SortedMap<String, Path> adapters,
    PolyLmOptions options,
    GenerationConfig generation) {
  /**
   * @param name empty for the model without a name
   */
  static ModelSettings read(KeyReader config, String name) {
    String prefix = name.isEmpty() ? "polylm." : "polylm." + name + ".";
    GenerationConfig generation = generation(config, prefix + "generation.");
    return new ModelSettings(
        name,
        config.text(prefix + "model.path").map(Path::of),
        config.text(prefix + "model.name"),
        adapters(config, prefix + "adapters."),
        options(config, prefix, named(name).generationDefaults(generation)),
        generation);
  }

  private static SortedMap<String, Path> adapters(KeyReader config, String prefix) {
    SortedMap<String, Path> adapters = new TreeMap<>();
    for (String key : config.names()) {
      if (key.startsWith(prefix)) {
        String name = key.substring(prefix.length());
        config.text(key).ifPresent(file -> adapters.put(name, Path.of(file)));
      }
    }
    return adapters;
  }

  private static PolyLmOptions.Builder named(String name) {
    return name.isEmpty() ? PolyLmOptions.builder() : PolyLmOptions.builder().name(name);
  }

  private static PolyLmOptions options(
      KeyReader config, String prefix, PolyLmOptions.Builder options) {
    PolyLmOptions defaults = PolyLmOptions.defaults();
    options
        .device(config.text(prefix + "device").orElse(defaults.device()))
        .gpuMemoryLimit(
            config.integer(
                prefix + "gpu-memory-limit", defaults.gpuMemoryLimit(), 0, Long.MAX_VALUE))
        .providerOptions(config.pairs(prefix + "provider-options"))
        .threads(config.integer(prefix + "threads", defaults.threads(), 0))
        .maxRows(config.integer(prefix + "max-rows", defaults.maxRows(), 1))
        .queueCapacity(config.integer(prefix + "queue", defaults.queueCapacity(), 1))
        .keyValueBytes(
            config.integer(prefix + "key-value-bytes", defaults.keyValueBytes(), 0, Long.MAX_VALUE))
        .adapterBytes(
            config.integer(prefix + "adapter-bytes", defaults.adapterBytes(), 0, Long.MAX_VALUE))
        .promptChunk(
            (int)
                config.integer(
                    prefix + "prompt-chunk",
                    defaults.promptChunk(),
                    1,
                    PolyLmOptions.MAX_PROMPT_CHUNK))
        .prefixReuse(config.flag(prefix + "prefix-reuse", defaults.prefixReuse()))
        .verify(verify(config, prefix + "verify"))
        .draft(config.text(prefix + "draft").map(Path::of).orElse(null));
    try {
      return options.build();
    } catch (InvalidSettingException e) {
      throw refused(prefix, e);
    }
  }

  /** Returns the exception for a key whose value the SDK refuses. */
  private static PolyLmException refused(String prefix, InvalidSettingException e) {
    return new PolyLmException("%s%s %s".formatted(prefix, e.property(), e.fault()), e);
  }

  private static PolyLmOptions.Verify verify(KeyReader config, String key) {
    String value = config.text(key).orElse("small");
    return Stream.of(PolyLmOptions.Verify.values())
        .filter(verify -> verify.name().toLowerCase(Locale.ROOT).equals(value))
        .findAny()
        .orElseThrow(
            () ->
                new PolyLmException(
                    "%s is \"%s\", must be none, small or all".formatted(key, value)));
  }

  private static GenerationConfig generation(KeyReader config, String prefix) {
    Map<String, String> texts = new TreeMap<>();
    for (GenerationSetting setting : GenerationConfig.settings()) {
      config
          .text(prefix + setting.name().replace('_', '-'))
          .ifPresent(value -> texts.put(setting.name(), value));
    }
    try {
      return GenerationConfig.defaultsFromTexts(texts);
    } catch (InvalidSettingException e) {
      throw refused(prefix, e);
    }
  }
}

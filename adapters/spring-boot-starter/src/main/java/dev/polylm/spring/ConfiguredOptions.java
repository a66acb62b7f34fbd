package dev.polylm.spring;

import dev.polylm.InvalidSettingException;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import java.util.List;

/**
 * Turns properties into the SDK's options. What the SDK refuses is named as the properties name it.
 *
 * @param name the model's, empty for the model without a name
 */
record ConfiguredOptions(String name) {
  private String prefix() {
    return PropertyKeys.prefix(name);
  }

  /**
   * Returns the settings for what a request leaves open.
   *
   * @throws ModelNotOpenException if one is unknown or out of range
   */
  GenerationConfig generation(ModelProperties properties) {
    try {
      return GenerationTexts.read(properties.getGeneration());
    } catch (InvalidSettingException e) {
      throw refused(prefix() + "generation." + e.property(), e.fault(), e);
    }
  }

  /**
   * Returns the options of a model.
   *
   * @throws ModelNotOpenException if a property is out of range
   */
  PolyLmOptions options(
      ModelProperties properties,
      GenerationConfig generation,
      List<PolyLmOptionsCustomizer> customizers) {
    PolyLmOptions.Builder builder = builder(properties, generation);
    try {
      PolyLmOptions unused = builder.build(); // a fault is the properties'
    } catch (InvalidSettingException e) {
      throw refused(e);
    }
    try {
      customizers.forEach(customizer -> customizer.customize(name, builder));
      return builder.build();
    } catch (PolyLmException e) {
      throw new ModelNotOpenException(
          "A PolyLmOptionsCustomizer made options that can't be used: " + e.getMessage(),
          "Change the customizer.",
          e);
    }
  }

  private PolyLmOptions.Builder builder(ModelProperties properties, GenerationConfig generation) {
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
            .generationDefaults(generation);
    String draft = properties.getDraft();
    if (draft != null) {
      builder.draft(ConfiguredPath.of(prefix() + "draft", draft));
    }
    return name.isEmpty() ? builder : builder.name(name);
  }

  /** Returns the exception for a property that the SDK refused. */
  ModelNotOpenException refused(InvalidSettingException e) {
    String property =
        switch (e.setting()) {
          case "queueCapacity" -> "queue";
          case "generationDefaults" -> "generation.*";
          default -> e.property();
        };
    return refused(prefix() + property, e.fault(), e);
  }

  private static ModelNotOpenException refused(String property, String fault, PolyLmException e) {
    return new ModelNotOpenException(
        "%s %s".formatted(property, fault), "Change %s.".formatted(property), e);
  }
}

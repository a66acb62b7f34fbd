package dev.polylm.jakarta.cdi;

import dev.polylm.generation.GenerationConfig;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.build.compatible.spi.Parameters;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticBeanCreator;

/** Returns the generation settings that the configuration has for a model. */
public final class GenerationConfigCreator implements SyntheticBeanCreator<GenerationConfig> {
  @Override
  public GenerationConfig create(Instance<Object> lookup, Parameters parameters) {
    return ModelOfBean.of(parameters).defaults();
  }
}

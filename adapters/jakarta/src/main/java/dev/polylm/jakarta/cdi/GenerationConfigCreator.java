package dev.polylm.jakarta.cdi;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.jakarta.model.Models;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.build.compatible.spi.Parameters;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticBeanCreator;

/** Gives the settings of generation that the configuration has for a model. */
public final class GenerationConfigCreator implements SyntheticBeanCreator<GenerationConfig> {
  @Override
  public GenerationConfig create(Instance<Object> lookup, Parameters parameters) {
    String name = parameters.get(PolyLmExtension.NAME, String.class);
    return lookup.select(Models.class).get().named(name).defaults();
  }
}

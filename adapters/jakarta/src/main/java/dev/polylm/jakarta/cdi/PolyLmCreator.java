package dev.polylm.jakarta.cdi;

import dev.polylm.PolyLm;
import dev.polylm.jakarta.model.Models;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.build.compatible.spi.Parameters;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticBeanCreator;

/** Gives a model once it is open. */
public final class PolyLmCreator implements SyntheticBeanCreator<PolyLm> {
  @Override
  public PolyLm create(Instance<Object> lookup, Parameters parameters) {
    String name = parameters.get(PolyLmExtension.NAME, String.class);
    return lookup.select(Models.class).get().named(name).await();
  }
}

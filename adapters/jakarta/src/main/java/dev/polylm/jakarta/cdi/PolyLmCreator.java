package dev.polylm.jakarta.cdi;

import dev.polylm.PolyLm;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.build.compatible.spi.Parameters;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticBeanCreator;

/** Returns a model once it is open. */
public final class PolyLmCreator implements SyntheticBeanCreator<PolyLm> {
  @Override
  public PolyLm create(Instance<Object> lookup, Parameters parameters) {
    return ModelOfBean.of(parameters).await();
  }
}

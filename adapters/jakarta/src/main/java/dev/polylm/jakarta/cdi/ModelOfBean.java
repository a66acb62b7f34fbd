package dev.polylm.jakarta.cdi;

import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.model.ServedModel;
import jakarta.enterprise.inject.build.compatible.spi.Parameters;
import jakarta.enterprise.inject.spi.CDI;

/** Finds the model of a synthetic bean. */
final class ModelOfBean {
  private ModelOfBean() {}

  /**
   * Returns the model that a bean's parameters name. On GlassFish a creator's own lookup sees no
   * bean.
   */
  static ServedModel of(Parameters parameters) {
    String name = parameters.get(PolyLmExtension.NAME, String.class);
    return CDI.current().select(Models.class).get().named(name);
  }
}

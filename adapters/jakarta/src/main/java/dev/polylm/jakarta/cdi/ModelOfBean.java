package dev.polylm.jakarta.cdi;

import dev.polylm.Adapter;
import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.model.ServedModel;
import jakarta.enterprise.inject.build.compatible.spi.Parameters;
import jakarta.enterprise.inject.spi.CDI;
import java.util.Map;

/** Finds the model of a synthetic bean. */
final class ModelOfBean {
  private ModelOfBean() {}

  /**
   * Returns the model that a bean's parameters name. On GlassFish a creator's own lookup sees no
   * bean.
   */
  static ServedModel of(Parameters parameters) {
    return models().named(parameters.get(PolyLmExtension.NAME, String.class));
  }

  /** Returns the adapters that the configuration has for a model, by name, once they are loaded. */
  static Map<String, Adapter> adapters(ServedModel model) {
    return models().adaptersOf(model);
  }

  private static Models models() {
    return CDI.current().select(Models.class).get();
  }
}

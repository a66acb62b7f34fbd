package dev.polylm.spring;

import dev.polylm.Adapter;
import dev.polylm.PolyLmException;
import java.util.Map;

/**
 * Says that the application's {@link dev.polylm.PolyLm} is the default model of the properties, not
 * a bean of its own.
 */
public final class DefaultModel {
  private final ConfiguredModels models;

  DefaultModel(ConfiguredModels models) {
    this.models = models;
  }

  /**
   * Returns the model's adapters by name, and opens the model if it is not open.
   *
   * @throws PolyLmException if the model can't be opened
   */
  public Map<String, Adapter> adapters() {
    return models.defaultModel().adapters();
  }
}

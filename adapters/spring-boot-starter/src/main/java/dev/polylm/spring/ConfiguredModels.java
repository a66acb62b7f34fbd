package dev.polylm.spring;

import dev.polylm.PolyLmException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The models of the properties. Thread-safe. */
final class ConfiguredModels {
  private final Map<String, ConfiguredModel> models = new TreeMap<>();

  ConfiguredModels(
      PolyLmProperties properties,
      List<PolyLmOptionsCustomizer> customizers,
      OpenModels openModels) {
    properties
        .getModels()
        .forEach(
            (name, model) ->
                models.put(name, new ConfiguredModel(name, model, customizers, openModels)));
    if (models.isEmpty() || properties.getModel().getPath() != null) {
      models.put("", new ConfiguredModel("", properties, customizers, openModels));
    }
  }

  /** Returns all models, the default model first. */
  List<ConfiguredModel> all() {
    return List.copyOf(models.values());
  }

  /** Returns the model without a name, or else the first by name. */
  ConfiguredModel defaultModel() {
    return all().get(0);
  }

  /**
   * Returns the model with a name.
   *
   * @throws PolyLmException if there is none
   */
  ConfiguredModel named(String name) {
    ConfiguredModel model = models.get(name);
    if (model == null) {
      throw new PolyLmException(
          "no model is called \"%s\"; expected one of %s".formatted(name, models.keySet()));
    }
    return model;
  }
}

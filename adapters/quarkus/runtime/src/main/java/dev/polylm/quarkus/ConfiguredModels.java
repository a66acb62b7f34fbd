package dev.polylm.quarkus;

import dev.polylm.PolyLmException;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;

/** The models of the configuration, from the start of the application to its end. Thread-safe. */
@Singleton
public class ConfiguredModels {
  private static final String PREFIX = "quarkus.polylm.";

  private final Map<String, ConfiguredModel> models = new TreeMap<>();
  private final boolean lazy;

  @Inject
  ConfiguredModels(PolyLmConfig config) {
    this.lazy = config.lazy();
    config
        .models()
        .forEach(
            (name, model) ->
                models.put(name, new ConfiguredModel(PREFIX + "models." + name + ".", model)));
    if (models.isEmpty() || config.defaultModel().model().path().isPresent()) {
      models.put("", new ConfiguredModel(PREFIX, config.defaultModel()));
    }
  }

  void start(@Observes StartupEvent event) {
    if (!lazy) {
      models.values().forEach(ConfiguredModel::polyLm);
    }
  }

  Map<String, ConfiguredModel> all() {
    return models;
  }

  /** Returns the model without a name, or else the first by name. */
  ConfiguredModel defaultModel() {
    return models.values().iterator().next();
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
          "no model is called \"%s\"; %smodels.%s.model.path is not set"
              .formatted(name, PREFIX, name));
    }
    return model;
  }

  @PreDestroy
  void close() {
    models.values().forEach(ConfiguredModel::close);
  }
}

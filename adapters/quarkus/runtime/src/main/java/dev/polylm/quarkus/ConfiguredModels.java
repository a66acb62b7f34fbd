package dev.polylm.quarkus;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.TreeMap;

/** The models of the configuration, from the start of the application to its end. Thread-safe. */
@Singleton
public class ConfiguredModels {
  private static final String PREFIX = "quarkus.polylm.";

  private final Map<String, ConfiguredModel> models = new TreeMap<>();
  private final ConfiguredModel defaultModel;
  private final boolean lazy;

  /**
   * @param beans the application's own, or that of {@link DefaultBeans}
   */
  @Inject
  ConfiguredModels(PolyLmConfig config, Instance<PolyLm> beans) {
    this.lazy = config.lazy();
    config
        .models()
        .forEach(
            (name, model) ->
                models.put(
                    name, new ConfiguredModel(name, PREFIX + "models." + name + ".", model)));
    if (!models.isEmpty() && config.defaultModel().model().path().isEmpty()) {
      this.defaultModel = models.values().iterator().next();
    } else {
      this.defaultModel = new ConfiguredModel("", PREFIX, config.defaultModel());
      if (!hasOwn(beans)) { // else nothing needs the configuration's
        models.put("", defaultModel);
      }
    }
  }

  private static boolean hasOwn(Instance<PolyLm> beans) {
    return beans.isAmbiguous()
        || (beans.isResolvable()
            && !beans.getHandle().getBean().getBeanClass().equals(DefaultBeans.class));
  }

  void start(@Observes StartupEvent event) {
    if (!lazy) {
      models.values().forEach(ConfiguredModel::openAll);
    }
  }

  /** Returns the models that may be opened, the one without a name first, the others by name. */
  Map<String, ConfiguredModel> all() {
    return models;
  }

  /** Returns the model without a name, or else the first by name. */
  ConfiguredModel defaultModel() {
    return defaultModel;
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

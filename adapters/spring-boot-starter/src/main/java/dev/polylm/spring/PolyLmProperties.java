package dev.polylm.spring;

import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The properties under {@code polylm}: those of the default model, and those of models with names.
 * A property that is not known is an error.
 */
@ConfigurationProperties(prefix = "polylm", ignoreUnknownFields = false)
public class PolyLmProperties extends ModelProperties {
  /** Further models by name, with the same properties as the default model. */
  private Map<String, ModelProperties> models = new TreeMap<>();

  /** Creates properties with the defaults. */
  public PolyLmProperties() {}

  public Map<String, ModelProperties> getModels() {
    return models;
  }

  public void setModels(Map<String, ModelProperties> models) {
    this.models = models;
  }
}

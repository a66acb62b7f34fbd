package dev.polylm.spring;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * What must be known of the properties before they are bound. A value that can't be bound counts as
 * not set, since the binding reports it.
 */
record PropertyKeys(Environment environment) {
  private static final String PREFIX = "polylm.";
  private static final String MODELS = PREFIX + "models";

  /** Returns the names of the models with names, sorted. */
  Set<String> names() {
    return new TreeSet<>(map(MODELS).keySet());
  }

  /** Returns the names of a model's adapters, sorted. */
  Set<String> adapters(String model) {
    return new TreeSet<>(map(prefix(model) + "adapters").keySet());
  }

  private Map<String, Object> map(String key) {
    try {
      return Binder.get(environment)
          .bind(key, Bindable.mapOf(String.class, Object.class))
          .orElseGet(Map::of);
    } catch (BindException e) {
      return Map.of();
    }
  }

  /** Returns the name of the model that is injected without a qualifier; empty if it has none. */
  String defaultModel() {
    Set<String> names = names();
    boolean unnamed = names.isEmpty() || environment.containsProperty(PREFIX + "model.path");
    return unnamed ? "" : names.iterator().next();
  }

  /** Returns whether a model is opened when it is first needed. */
  boolean isLazy(String model) {
    return flag(prefix(model) + "lazy", flag(PREFIX + "lazy", false));
  }

  private boolean flag(String key, boolean otherwise) {
    try {
      return Binder.get(environment).bind(key, Boolean.class).orElse(otherwise);
    } catch (BindException e) {
      return otherwise;
    }
  }

  /** Returns what the keys of a model begin with. */
  static String prefix(String model) {
    return model.isEmpty() ? PREFIX : MODELS + "." + model + ".";
  }
}

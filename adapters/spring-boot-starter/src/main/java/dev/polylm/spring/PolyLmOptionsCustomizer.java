package dev.polylm.spring;

import dev.polylm.PolyLmOptions;

/** A bean of this type changes the options of each model before the model is opened. */
@FunctionalInterface
public interface PolyLmOptionsCustomizer {
  /**
   * Changes options.
   *
   * @param name the model's name in the properties, empty for the model without a name
   * @param options holds what the properties say
   */
  void customize(String name, PolyLmOptions.Builder options);
}

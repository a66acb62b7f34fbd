package dev.polylm.quarkus;

import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.runtime.annotations.ConfigRoot;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.util.Map;

/** The configuration under {@code quarkus.polylm}. */
@ConfigMapping(prefix = "quarkus.polylm")
@ConfigRoot(phase = ConfigPhase.RUN_TIME)
public interface PolyLmConfig {
  /** The default model. */
  @WithParentName
  ModelConfig defaultModel();

  /** Further models by name, with the same keys as the default model. */
  Map<String, ModelConfig> models();

  /** Whether a model is opened when it is first needed, not when the application starts. */
  @WithDefault("false")
  @WithConverter(TrueOrFalse.class)
  boolean lazy();
}

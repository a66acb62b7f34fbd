package dev.polylm.jakarta.cdi;

import dev.polylm.jakarta.config.PolyLmSettings;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.build.compatible.spi.Parameters;
import jakarta.enterprise.inject.build.compatible.spi.SyntheticBeanCreator;
import org.eclipse.microprofile.config.ConfigProvider;

/** Reads the configuration. */
public final class SettingsCreator implements SyntheticBeanCreator<PolyLmSettings> {
  @Override
  public PolyLmSettings create(Instance<Object> lookup, Parameters parameters) {
    return PolyLmSettings.read(ConfigProvider.getConfig());
  }
}

package dev.polylm.jakarta.server;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;

/** The configuration of the application that runs in this process. */
public final class TestConfig implements AutoCloseable {
  private final Config config;

  public TestConfig(Map<String, String> values) {
    config = of(values);
    ConfigProviderResolver.instance()
        .registerConfig(config, Thread.currentThread().getContextClassLoader());
  }

  public static Config of(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(values, "test", 100))
        .build();
  }

  @Override
  public void close() {
    ConfigProviderResolver.instance().releaseConfig(config);
  }
}

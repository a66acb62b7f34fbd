package dev.polylm.jakarta.server;

import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import java.util.Map;

/** An application in Weld, without a server. */
public final class Deployment implements AutoCloseable {
  private final TestConfig config;
  private final SeContainer container;

  /**
   * @param beans what the application adds
   */
  public Deployment(Map<String, String> values, Class<?>... beans) {
    config = new TestConfig(values);
    try {
      container = SeContainerInitializer.newInstance().addBeanClasses(beans).initialize();
    } catch (RuntimeException e) {
      config.close();
      throw e;
    }
  }

  public <T> T get(Class<T> type) {
    return container.select(type).get();
  }

  @Override
  public void close() {
    container.close();
    config.close();
  }
}

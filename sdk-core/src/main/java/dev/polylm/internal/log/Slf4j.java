package dev.polylm.internal.log;

import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * SLF4J, used only if it has a provider. Without one its first use would print three lines to
 * standard error, which nobody needs who wants no log.
 */
public final class Slf4j {
  private static final boolean HEARD =
      System.getProperty(LoggerFactory.PROVIDER_PROPERTY_KEY) != null
          || ServiceLoader.load(SLF4JServiceProvider.class, LoggerFactory.class.getClassLoader())
              .stream()
              .findAny()
              .isPresent();

  private Slf4j() {}

  /** Returns whether SLF4J has a provider. */
  public static boolean isHeard() {
    return HEARD;
  }

  /** Logs with the logger of a name, if SLF4J has a provider. */
  public static void log(String name, Consumer<Logger> entry) {
    if (HEARD) {
      entry.accept(LoggerFactory.getLogger(name));
    }
  }
}
